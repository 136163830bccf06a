export interface RtpFields {
  payloadType?: number;
  marker?: boolean;
  sequence: number;
  timestamp?: number;
  ssrc?: number;
  payload?: Buffer;
  /** One-byte header extensions by id. */
  extensions?: Record<number, Buffer>;
}

export function rtpPacket(fields: RtpFields): Buffer {
  const { payloadType = 96, marker = false, sequence, timestamp = 0, ssrc = 0x1234 } = fields;
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = (marker ? 0x80 : 0) | payloadType;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(ssrc >>> 0, 8);
  const payload = fields.payload ?? Buffer.from(`payload ${sequence}`);
  if (fields.extensions === undefined) return Buffer.concat([head, payload]);
  head[0] = 0x90;
  const elements = Buffer.concat(
    Object.entries(fields.extensions).flatMap(([id, value]) => [
      Buffer.from([(Number(id) << 4) | (value.length - 1)]),
      value,
    ]),
  );
  const extension = Buffer.alloc(4 + Math.ceil(elements.length / 4) * 4);
  extension.writeUInt16BE(0xbede, 0);
  extension.writeUInt16BE(Math.ceil(elements.length / 4), 2);
  elements.copy(extension, 4);
  return Buffer.concat([head, extension, payload]);
}
