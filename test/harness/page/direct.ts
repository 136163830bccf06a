/** A peer connection from the page to itself: what the browser alone makes of a picture and its sound. */
export class Direct {
  readonly video = document.createElement('video');
  readonly #from = new RTCPeerConnection();
  readonly #to = new RTCPeerConnection();

  /** Resolves when both tracks have come. */
  static async open(tracks: MediaStreamTrack[]): Promise<Direct> {
    const direct = new Direct();
    await direct.#connect(tracks);
    return direct;
  }

  get sound(): MediaStreamTrack {
    return (this.video.srcObject as MediaStream).getAudioTracks()[0]!;
  }

  close(): void {
    this.#from.close();
    this.#to.close();
    this.video.srcObject = null;
    this.video.remove();
  }

  async #connect(tracks: MediaStreamTrack[]): Promise<void> {
    const stream = new MediaStream(tracks);
    for (const track of tracks) this.#from.addTrack(track, stream);
    const [from, to] = [this.#from, this.#to];
    from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined);
    to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined);
    const received = new MediaStream();
    to.ontrack = ({ track }) => received.addTrack(track);
    await from.setLocalDescription();
    await to.setRemoteDescription(from.localDescription!);
    await to.setLocalDescription();
    await from.setRemoteDescription(to.localDescription!);
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.srcObject = received;
    document.body.append(this.video);
  }
}
