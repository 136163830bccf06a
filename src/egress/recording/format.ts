/** The kinds of file a recording can be. */
export type RecordingFormat = 'mp4' | 'webm';

/** Milliseconds of media that a recorder killed at any moment may take with it. */
const FLUSH_MS = 500;

interface FormatSpec {
  codec: 'h264' | 'vp8';
  type: string;
  /** Written while it runs: whatever is on the disk can be played. */
  running: string[];
  /** Written at the end: ready to be played from anywhere while it still loads. */
  finished: string[];
}

/** Picture is copied always; sound becomes AAC in mp4, which is what every player expects there. */
export const formats: Record<RecordingFormat, FormatSpec> = {
  mp4: {
    codec: 'h264',
    type: 'video/mp4',
    running: [
      ...['-c:v', 'copy', '-c:a', 'aac', '-b:a', '128k', '-aac_coder', 'fast', '-f', 'mp4'],
      ...['-movflags', '+empty_moov+default_base_moof', '-frag_duration', `${FLUSH_MS * 1000}`],
      ...['-flush_packets', '1'],
    ],
    finished: ['-c', 'copy', '-f', 'mp4', '-movflags', '+faststart'],
  },
  webm: {
    codec: 'vp8',
    type: 'video/webm',
    running: ['-c', 'copy', '-f', 'webm', '-cluster_time_limit', `${FLUSH_MS}`, '-flush_packets', '1'],
    finished: ['-c', 'copy', '-f', 'webm'],
  },
};

export const isRecordingFormat = (name: string): name is RecordingFormat => name in formats;
