/** Runs in Chromium: a speaker and a viewer, as plain as the standard allows. */

/** Publishes a canvas with changing content and a tone, as `codec` ('VP8' or 'H264'). */
globalThis.publish = async (path, codec) => {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    frame++;
    context.fillStyle = '#00a040';
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#fff';
    for (let i = 0; i < 60; i++) {
      context.fillRect((i * 37 + frame * 7) % 640, (i * 53 + frame * 3) % 360, 12, 12);
    }
  }, 33);
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const destination = audio.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  const stream = canvas.captureStream(30);
  stream.addTrack(destination.stream.getAudioTracks()[0]);
  const peer = new RTCPeerConnection();
  for (const track of stream.getTracks()) {
    peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  }
  const video = peer.getTransceivers().find((each) => each.sender.track.kind === 'video');
  const { codecs } = RTCRtpSender.getCapabilities('video');
  const first = codecs.filter((each) => each.mimeType === `video/${codec}`);
  video.setCodecPreferences([...first, ...codecs.filter((each) => !first.includes(each))]);
  await peer.setLocalDescription();
  await answer(peer, path);
  // A busy machine must not change what the tests expect to see.
  const parameters = video.sender.getParameters();
  await video.sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
  globalThis.sender = peer;
};

/** Watches one audio and one video. */
globalThis.watch = async (path) => {
  const peer = new RTCPeerConnection();
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.addTransceiver('video', { direction: 'recvonly' });
  const element = document.createElement('video');
  element.muted = true;
  element.autoplay = true;
  document.body.append(element);
  const streams = new Set();
  peer.ontrack = (event) => {
    streams.add(event.streams[0]?.id ?? 'none');
    element.srcObject = event.streams[0];
  };
  await peer.setLocalDescription();
  const startedMs = performance.now();
  element.requestVideoFrameCallback(() => {
    globalThis.firstPictureMs = performance.now() - startedMs;
  });
  await answer(peer, path);
  Object.assign(globalThis, { viewer: peer, streams, element });
};

async function answer(peer, path) {
  const response = await fetch(path, { method: 'POST', body: peer.localDescription.sdp });
  const sdp = await response.text();
  if (!response.ok) throw new Error(sdp);
  await peer.setRemoteDescription({ type: 'answer', sdp });
}

globalThis.statsOf = async (name) => [...(await globalThis[name].getStats()).values()];

/** Mean colour of the picture the viewer shows now: [red, green, blue]. */
globalThis.shownColour = () => {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 18;
  const context = canvas.getContext('2d');
  context.drawImage(globalThis.element, 0, 0, 32, 18);
  const { data } = context.getImageData(0, 0, 32, 18);
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sum[c] += data[i + c];
  return sum.map((each) => Math.round(each / (data.length / 4)));
};
