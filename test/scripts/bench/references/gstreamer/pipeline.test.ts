import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { findGstreamer } from '../../../../../scripts/bench/references/gstreamer/find.ts';
import { pipeline } from '../../../../../scripts/bench/references/gstreamer/pipeline.ts';

const speakers = [0, 1, 2, 3].map((n) => ({ video: `/clips/${n}.mkv`, audio: `/clips/${n}.ogg` }));

describe.each(['vp8', 'h264'] as const)('GStreamer at the job in %s', (codec) => {
  const args = pipeline(codec, speakers, '/tmp/out');

  test('reads every speaker and places each tile as the mixer does', () => {
    for (const { video, audio } of speakers) {
      expect(args).toContain(`location=${video}`);
      expect(args).toContain(`location=${audio}`);
    }
    expect(args).toEqual(
      expect.arrayContaining(['sink_3::xpos=640', 'sink_3::ypos=360', 'sink_0::xpos=0', 'sink_2::width=640']),
    );
  });

  test('codes at the same constant rate, with one thread for each codec', () => {
    expect(args).toContain(codec === 'vp8' ? 'target-bitrate=2000000' : 'bitrate=2000');
    expect(args.filter((arg) => /^(max-)?threads=1$/.test(arg))).toHaveLength(5);
    expect(args.filter((arg) => arg === 'clocksync')).toHaveLength(2);
  });
});

const launch = promisify(execFile);

/** Where it is installed, its own parser is asked whether it knows every element and property. */
test('GStreamer understands it, where it is installed', async () => {
  const found = await findGstreamer('vp8');
  if (found.missing) {
    expect(found.missing).toMatch(/apt-get install/);
    return;
  }
  const args = pipeline('vp8', speakers, '/nonexistent/out.ivf');
  const failure = await launch('gst-launch-1.0', ['-q', ...args]).catch((error) => error);
  expect(failure.stderr).toMatch(/\/clips\/\d|\/nonexistent/);
  expect(failure.stderr).not.toMatch(/no element|no property|syntax error|erroneous pipeline/);
});
