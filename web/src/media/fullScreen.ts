/**
 * Fills the screen, or gives it back.
 * @param frame what fills it, controls included
 * @param video fills it instead on phones that can do no more; null where there are several
 */
export async function toggleFullScreen(frame: HTMLElement, video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (frame.requestFullscreen) await frame.requestFullscreen();
    else (video as { webkitEnterFullscreen?(): void } | null)?.webkitEnterFullscreen?.();
  } catch {
    // Not allowed without a click: nothing is lost.
  }
}

/** Whether one picture can be taken out of the page. */
export const canPictureInPicture = (): boolean => document.pictureInPictureEnabled === true;

export async function togglePictureInPicture(video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  } catch {
    // Refused without a picture; the button stays where it is.
  }
}
