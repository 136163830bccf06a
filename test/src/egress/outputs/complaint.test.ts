import { describe, expect, test } from '@jest/globals';
import { complaint } from '../../../../src/egress/outputs/complaint.ts';

describe('what ffmpeg says, for people', () => {
  test.each([
    [
      '[rtmp @ 0x55] Server error: NetStream.Publish.BadName\nrtmp://127.0.0.1:41/app/s3cret: Operation not permitted',
      'the target says that the stream is taken already: rtmp://… Operation not permitted',
    ],
    ['tcp://[::1]:9: Connection refused', 'the target refuses connections: tcp://… Connection refused'],
    [
      'av_interleaved_write_frame(): Broken pipe\n    Last message repeated 3 times',
      'the target cut the connection: av_interleaved_write_frame(): Broken pipe',
    ],
    ['streamid s3cret was not taken', 'sending to the target failed: streamid … was not taken'],
    ['', 'sending to the target failed'],
  ])('%j', (said, sentence) => {
    expect(complaint(said, ['s3cret'])).toBe(sentence);
  });

  test('is never long, and secrets are cut before it is', () => {
    const said = `${'x'.repeat(290)}s3cret${'y'.repeat(1000)}`;
    expect(complaint(said, ['s3cret'])).not.toContain('s3c');
    expect(complaint(said, ['s3cret']).length).toBeLessThan(400);
  });
});
