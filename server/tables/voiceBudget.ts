import {
  frameSamples,
  hopTagBytes,
  sampleRate,
  sealBytes,
  whisperHeaderBytes,
} from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';

/** What a session may send: tokens a second, and how many it may save up. Whole numbers. */
export interface VoiceBudget {
  readonly packetsPerSecond: number;
  readonly packetsBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

/** Duration of every frame (DESIGN: 20 ms of 960 samples). */
export const frameMs = (frameSamples * 1_000) / sampleRate;

/** Bytes of a packet around its payload; those of a whisper, which has the longer header. */
const overheadBytes = whisperHeaderBytes + sealBytes + hopTagBytes;

/**
 * The budget of everybody in a room: a packet for each frame, each of the bitrate's bytes, and the
 * head-room that the limits give to both. Pure.
 *
 * @param bitrate bits a second
 */
export function voiceBudget(
  bitrate: number,
  limits: Pick<VoiceLimits, 'packetsPerFrame' | 'packetsBurst' | 'bitrateHeadroom'>,
): VoiceBudget {
  const { packetsBurst } = limits;
  const packetsPerSecond = Math.ceil((limits.packetsPerFrame * 1_000) / frameMs);
  const payloadBytes = (limits.bitrateHeadroom * bitrate * frameMs) / 8_000;
  const bytesPerPacket = Math.ceil(payloadBytes) + overheadBytes;
  return {
    packetsPerSecond,
    packetsBurst,
    bytesPerSecond: packetsPerSecond * bytesPerPacket,
    bytesBurst: packetsBurst * bytesPerPacket,
  };
}
