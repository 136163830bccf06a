import type { Switch } from '../../../src/live/contract.ts';

export interface Switches {
  audio: Switch;
  video: Switch;
}

/** What somebody else did to one's own switches. */
export type Remote = 'mute-audio' | 'mute-video' | 'ask-audio' | 'ask-video';

/**
 * Compares what the server said before and says now with what is switched here. Only a change of
 * the server's word that differs from ours is somebody else's doing; a microphone or camera is
 * never switched *on* from afar, one is asked.
 */
export function remoteChanges(before: Switches, now: Switches, here: Switches): Remote[] {
  const changes: Remote[] = [];
  for (const media of ['audio', 'video'] as const) {
    if (before[media] === now[media] || now[media] === here[media]) continue;
    changes.push(now[media] === 'muted' ? `mute-${media}` : `ask-${media}`);
  }
  return changes;
}
