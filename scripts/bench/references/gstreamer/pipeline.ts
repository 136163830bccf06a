import type { VideoCodec } from '../../../../mixer/protocol/control.ts';
import { program, tile, tileOrigin } from '../../program.ts';

/** What a speaker's two streams are read from. */
export interface SpeakerFiles {
  /** Matroska, with as many loops of the clip as the run is long. */
  video: string;
  /** Ogg with Opus. */
  audio: string;
}

/**
 * Arguments of `gst-launch-1.0` for the benchmark's job: decode, `compositor`, encode; sound through
 * `audiomixer`. The same decoders, encoders, presets and rates as `nativeRun.ts`, one thread for each codec;
 * decoders run beside each other behind queues, as GStreamer's own documentation has it. `clocksync` keeps
 * real time in front of the encoders.
 */
export function pipeline(codec: VideoCodec, speakers: readonly SpeakerFiles[], output: string): string[] {
  const canvas = `video/x-raw,format=I420,width=${program.width},height=${program.height},framerate=${program.fps}/1`;
  return [
    ...['compositor', 'name=canvas', 'background=black', ...speakers.flatMap((_, at) => placeOf(at))],
    ...['!', canvas, '!', 'clocksync', '!', ...encoder(codec), '!', ...writer(codec, output)],
    ...['audiomixer', 'name=sound', '!', 'audio/x-raw,rate=48000,channels=1', '!', 'clocksync', '!'],
    ...['opusenc', `bitrate=${program.audioKbps * 1000}`, '!', 'fakesink', 'sync=false'],
    ...speakers.flatMap((files) => [...pictures(codec, files.video), ...sounds(files.audio)]),
  ];
}

function placeOf(speaker: number): string[] {
  const { x, y } = tileOrigin(speaker);
  const place = { xpos: x, ypos: y, width: tile.width, height: tile.height };
  return Object.entries(place).map(([name, value]) => `sink_${speaker}::${name}=${value}`);
}

function pictures(codec: VideoCodec, file: string): string[] {
  const source = ['filesrc', `location=${file}`, '!', 'matroskademux', '!'];
  const decoder =
    codec === 'vp8' ? ['vp8dec', 'threads=1'] : ['h264parse', '!', 'avdec_h264', 'max-threads=1'];
  return [...source, ...decoder, '!', 'queue', 'max-size-buffers=4', '!', 'canvas.'];
}

function sounds(file: string): string[] {
  const source = ['filesrc', `location=${file}`, '!', 'oggdemux', '!', 'opusdec', '!'];
  return [...source, 'audioconvert', '!', 'queue', '!', 'sound.'];
}

/** The settings of `mixer/video/encoder.ts`, said in GStreamer's words. */
function encoder(codec: VideoCodec): string[] {
  if (codec === 'vp8') {
    const rate = [`target-bitrate=${program.videoKbps * 1000}`, 'end-usage=cbr', 'keyframe-max-dist=9999'];
    const speed = [
      'deadline=1',
      'cpu-used=-8',
      'lag-in-frames=0',
      'auto-alt-ref=false',
      'static-threshold=1',
    ];
    return ['vp8enc', ...rate, ...speed, 'threads=1'];
  }
  const rate = [`bitrate=${program.videoKbps}`, 'vbv-buf-capacity=1000', 'key-int-max=9999', 'pass=cbr'];
  const speed = ['speed-preset=superfast', 'tune=zerolatency', 'bframes=0', 'threads=1'];
  return ['x264enc', ...rate, ...speed, 'option-string=scenecut=0'];
}

/** Every picture is written at once, so that the file's length tells how far it is. */
function writer(codec: VideoCodec, output: string): string[] {
  const file = ['filesink', `location=${output}`, 'buffer-mode=unbuffered', 'sync=false', 'async=false'];
  const form = codec === 'vp8' ? ['avmux_ivf'] : ['video/x-h264,profile=baseline,stream-format=byte-stream'];
  return [...form, '!', ...file];
}
