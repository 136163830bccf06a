/** From settings to live rooms: which setting becomes which option, and in which unit. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from './config/load.ts';
import type { LiveRooms } from './live/contract.ts';
import { createLiveRooms, type LiveRoomsOptions } from './live/liveRooms.ts';
import type { Logger } from './log.ts';

export const composeLiveRooms = (config: Config, log: Logger): LiveRooms =>
  createLiveRooms(liveOptions(config, log));

export function liveOptions(config: Config, log: Logger): LiveRoomsOptions {
  return {
    rtc: {
      portRange: config.rtcPorts,
      publicAddresses: config.publicAddress,
      connectTimeoutMs: config.connectTimeout * 1000,
      maxRemoteCandidates: config.maxCandidates,
      maxVideoKbps: config.maxUplink,
      workers: config.workers ?? Math.max(1, availableParallelism() - 1),
    },
    engine: {
      lingerMs: config.mixerLinger * 1000,
      spare: config.mixerSpare,
      jail: config.mixerJail,
      reads: [resolve(config.data, 'media')],
    },
    video: {
      width: config.videoWidth,
      height: config.videoHeight,
      fps: config.videoFps,
      codec: config.videoCodec,
      kbps: config.videoKbps,
      ladder: config.videoLadder,
    },
    maxPixels: config.maxPixels,
    senderEconomy: config.senderEconomy,
    limits: {
      maxRooms: config.maxRooms,
      maxStage: config.maxStage,
      maxViewers: config.maxViewers,
      maxSlots: config.maxSlots,
    },
    headroom: { lagMs: config.maxLag, skippedShare: config.maxSkipped / 100 },
    egress: {
      ffmpeg: config.ffmpeg ?? null,
      recordings: {
        folder: resolve(config.data, 'recordings'),
        lowWaterBytes: config.diskReserve * 1_000_000,
        retentionDays: config.recordingRetention,
        keyFrameIntervalMs: config.recordingKeyFrames * 1000,
      },
      outputs: { privateHosts: config.egressPrivateHosts, soundKbps: config.outputSoundKbps },
    },
    library: {
      folder: resolve(config.data, 'media'),
      maxBytes: config.mediaFileSize * 1_000_000,
      maxShelfBytes: config.mediaShelfSize * 1_000_000,
      lowWaterBytes: config.diskReserve * 1_000_000,
      uploads: {
        maxAtOnce: config.maxUploads,
        maxPerShelf: config.maxRoomUploads,
        idleMs: config.uploadIdle * 1000,
        minKbps: config.uploadMinRate,
        fairKbps: config.uploadFairRate,
      },
      lostMs: config.lostFiles * 1000,
    },
    log,
  };
}
