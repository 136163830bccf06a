/**
 * A real process that speaks a mixer's side of the channel without mixing: it sends every RTP packet
 * it gets back as a picture of each encoder, and answers a tap with all control messages it was told.
 * The slate's title makes it misbehave, or say on standard error what it would mix now.
 */
import { Socket } from 'node:net';

const channel = new Socket({ fd: 3, readable: true, writable: true });
const told = [];
const encoders = new Map();
let stubborn = false;
let lateTicks = 0;
/** Pictures left out between two reports. */
let skipped = 0;

const frame = (type, payload) => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + 1);
  head[4] = type;
  channel.write(Buffer.concat([head, payload]));
};
const control = (message) => frame(1, Buffer.from(JSON.stringify(message)));

const misbehaviour = {
  crash: () => process.exit(3),
  garbage: () => channel.write(Buffer.alloc(64, 0xff)),
  nonsense() {
    frame(1, Buffer.from('{"type":"nack","track":-1}'));
    frame(1, Buffer.from('not json'));
    frame(2, Buffer.alloc(3));
    frame(3, Buffer.from([0, 1, 9]));
    frame(4, Buffer.alloc(2));
    frame(99, Buffer.alloc(0));
  },
  feedback() {
    const { track } = told.find((message) => message.type === 'add-track');
    control({ type: 'nack', track, sequences: [7, 9] });
    control({ type: 'key-frame-wanted', track });
    control({ type: 'refused', track, code: 'picture-too-large', detail: '9000x9000' });
    control({ type: 'accepted', track });
    control({ type: 'nack', track: track + 1, sequences: [1] });
    control({ type: 'placed', tiles: [{ participant: 'ada', kind: 'camera', picture: null }] });
    control({
      type: 'levels',
      sources: [{ participant: 'ada', kind: 'camera', levelDb: -20, speaking: true }],
    });
  },
  draw: () => {
    const picture = { x: 0, y: 0, w: 1, h: 1 };
    control({ type: 'placed', tiles: [{ participant: 'ada', kind: 'camera', picture }] });
  },
  'fail-encoders': () => {
    for (const [encoder, media] of encoders) {
      if (media === 'video') control({ type: 'encoder-failed', encoder, detail: 'no memory' });
    }
  },
  skip: () => {
    skipped = 15;
  },
  tell: () => console.error(`state ${JSON.stringify(summary())}`),
  stubborn: () => {
    stubborn = true;
  },
};

/** What is left of everything told: one short line each. */
function summary() {
  const state = { tracks: new Map(), gains: new Map(), encoders: new Map(), plays: new Map() };
  Object.assign(state, { keyFrames: [], rates: [], tiles: [], stage: [], text: '' });
  for (const it of told) {
    if (it.type === 'add-track') state.tracks.set(it.track, `${it.kind} ${it.participant} ${it.codec}`);
    if (it.type === 'remove-track') state.tracks.delete(it.track);
    if (it.type === 'gain') {
      state.gains.set(`${it.kind} ${it.participant}`, it.muted ? 'muted' : `${it.volumeDb}`);
    }
    if (it.type === 'forget-gain') state.gains.delete(`${it.kind} ${it.participant}`);
    if (it.type === 'sound') state.sound = it;
    if (it.type === 'start-encoder') {
      const size = it.height && it.height < 720 ? ` ${it.height}` : '';
      const kind = `${it.codec}${size}${it.fecLossPercent ? ` for ${it.fecLossPercent} %` : ''}`;
      state.encoders.set(it.encoder, it.without ? `${kind} without ${it.without}` : kind);
    }
    if (it.type === 'stop-encoder') state.encoders.delete(it.encoder);
    if (it.type === 'encoder-rate') state.rates.push(`${state.encoders.get(it.encoder)} ${it.kbps}`);
    if (it.type === 'key-frame') state.keyFrames.push(state.encoders.get(it.encoder));
    if (it.type === 'scene') state.text = it.scene.slate.text;
    if (it.type === 'play') state.plays.set(it.participant, `${it.state} ${it.path}`);
    if (it.type === 'stop-play') state.plays.delete(it.participant);
    if (it.type === 'scene') {
      const tiles = it.scene.tiles.map((tile) => `${tile.participant} ${tile.state}`);
      if (it.program === 'stage') state.stage = tiles;
      else {
        state.tiles = tiles;
        state.heard = it.scene.heard?.map((one) => `${one.kind} ${one.participant}`) ?? null;
      }
    }
  }
  return {
    tracks: [...state.tracks.values()],
    gains: Object.fromEntries(state.gains),
    encoders: [...state.encoders.values()],
    keyFrames: state.keyFrames,
    rates: state.rates,
    tiles: state.tiles,
    stage: state.stage,
    plays: Object.fromEntries(state.plays),
    heard: state.heard,
    sound: state.sound,
    text: state.text,
  };
}

const stats = () => {
  lateTicks += skipped;
  control({ type: 'stats', ticks: 1, lateTicks, tickLatenessP99Ms: 1, encoders: [], sources: [] });
};

const picture = (packet) => {
  const head = Buffer.alloc(17);
  head.writeUInt16BE(1, 13);
  head.writeUInt16BE(packet.length, 15);
  return Buffer.concat([head, packet]);
};

function hear(message) {
  told.push(message);
  if (message.type === 'configure') setInterval(stats, 100);
  if (message.type === 'start-encoder') encoders.set(message.encoder, message.media);
  if (message.type === 'stop-encoder') encoders.delete(message.encoder);
  if (message.type === 'scene') misbehaviour[message.scene.slate.title]?.();
  if (message.type === 'asset' && message.path?.includes('deadly')) process.exit(3);
  if (message.type === 'asset' && message.path?.includes('fine')) {
    control({ type: 'asset', asset: message.asset, ok: true, width: 2, height: 2 });
  }
  if (message.type === 'asset' && message.path?.includes('broken')) {
    control({ type: 'asset', asset: message.asset, ok: false, detail: 'not an image' });
  }
  if (message.type === 'play') {
    const failed = message.path.includes('broken');
    control({
      ...{ type: 'playing', participant: message.participant, state: failed ? 'failed' : message.state },
      ...{ positionMs: message.positionMs ?? 700, durationMs: 5000, detail: failed ? 'no media' : '' },
    });
  }
  if (message.type === 'tap' && message.on) {
    const head = Buffer.alloc(15);
    head.writeUInt16BE(message.encoder);
    frame(4, Buffer.concat([head, Buffer.from(JSON.stringify(told))]));
  }
}

function echo(payload) {
  for (let at = 0; at < payload.length; ) {
    const end = at + 12 + payload.readUInt16BE(at + 10);
    const packet = payload.subarray(at + 12, end);
    for (const encoder of encoders.keys()) {
      frame(3, Buffer.concat([Buffer.from([encoder >> 8, encoder & 255]), picture(packet)]));
    }
    at = end;
  }
}

let rest = Buffer.alloc(0);
channel.on('data', (bytes) => {
  rest = Buffer.concat([rest, bytes]);
  while (rest.length >= 5 && rest.length >= 4 + rest.readUInt32BE(0)) {
    const end = 4 + rest.readUInt32BE(0);
    const payload = rest.subarray(5, end);
    if (rest[4] === 1) hear(JSON.parse(payload.toString()));
    if (rest[4] === 2) echo(payload);
    rest = rest.subarray(end);
  }
});
channel.on('error', () => {});
channel.on('close', () => {
  if (!stubborn) process.exit(0);
});
process.on('SIGTERM', () => {});
process.on('SIGINT', () => {});
setInterval(() => {}, 1000);
control({ type: 'ready', ffmpeg: 'none' });
