/** From settings to live rooms: which setting becomes which option. */
import type { Config } from './config/load.ts';
import type { LiveRooms } from './live/contract.ts';
import { createLiveRooms } from './live/liveRooms.ts';
import type { Logger } from './log.ts';

export function composeLiveRooms(config: Config, log: Logger): LiveRooms {
  return createLiveRooms({
    rtc: {
      portRange: config.rtcPorts,
      publicAddresses: config.publicAddress,
      connectTimeoutMs: config.connectTimeout * 1000,
      maxRemoteCandidates: config.maxCandidates,
      maxVideoKbps: config.maxUplink,
    },
    engine: { lingerMs: config.mixerLinger * 1000, spare: config.mixerSpare },
    video: {
      width: config.videoWidth,
      height: config.videoHeight,
      fps: config.videoFps,
      codec: config.videoCodec,
      kbps: config.videoKbps,
    },
    maxPixels: config.maxPixels,
    limits: { maxRooms: config.maxRooms, maxStage: config.maxStage, maxViewers: config.maxViewers },
    log,
  });
}
