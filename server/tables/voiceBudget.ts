import { defaultRoom } from '@rookery/schemas/protocol';
import { hopTagBytes, sealBytes, whisperHeaderBytes } from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';

/** What a session may send: tokens a second, and how many it may save up. Whole numbers. */
export interface VoiceBudget {
  readonly packetsPerSecond: number;
  readonly packetsBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

/** What a speaker in a room sends. */
export interface FrameLoad {
  /** Bits a second. */
  readonly bitrate: number;
  /** Milliseconds of each frame. */
  readonly frameMs: number;
}

/** Bytes of a packet around its payload; those of a whisper, which has the longer header. */
const overheadBytes = whisperHeaderBytes + sealBytes + hopTagBytes;

/**
 * The budget of everybody in a room: a packet for each frame, each of the bitrate's bytes, and the
 * head-room that the limits give to both. Pure.
 */
export function voiceBudget(
  { bitrate, frameMs }: FrameLoad,
  limits: Pick<VoiceLimits, 'packetsPerFrame' | 'packetsBurst' | 'bitrateHeadroom'>,
): VoiceBudget {
  const framesPerSecond = 1_000 / frameMs;
  const packetsPerSecond = Math.ceil(limits.packetsPerFrame * framesPerSecond);
  const packetsBurst = Math.ceil((limits.packetsBurst * defaultRoom.frameMs) / frameMs);
  const payloadBytes = (limits.bitrateHeadroom * bitrate * frameMs) / 8_000;
  const bytesPerPacket = Math.ceil(payloadBytes) + overheadBytes;
  return {
    packetsPerSecond,
    packetsBurst,
    bytesPerSecond: packetsPerSecond * bytesPerPacket,
    bytesBurst: packetsBurst * bytesPerPacket,
  };
}
