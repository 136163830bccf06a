import { PacketBatch } from '../../../../src/rtc/srtp/batch.ts';

export function batchOf(packets: Buffer[]): PacketBatch {
  const batch = new PacketBatch();
  for (const packet of packets) {
    const start = batch.room(packet.length);
    if (start < 0) throw new RangeError('the batch is full');
    packet.copy(batch.bytes, start);
    batch.add(packet.length);
  }
  return batch;
}

/** Copies of what the batch holds now. */
export function packetsOf(batch: PacketBatch): Buffer[] {
  return Array.from({ length: batch.count }, (_, i) =>
    Buffer.from(batch.bytes.subarray(batch.starts[i]!, batch.starts[i]! + batch.lengths[i]!)),
  );
}
