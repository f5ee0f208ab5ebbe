import { fieldLimits } from './protocol.js';
import { hopTagBytes, sealBytes, voicePacketBytesMax, whisperHeaderBytes } from './voicePacket.js';

/** What a packet holds of sound, also where it is a whisper, which has the longer header. */
const payloadBytesMax = voicePacketBytesMax - whisperHeaderBytes - sealBytes - hopTagBytes;

/**
 * The highest bitrate of a room whose frames are so long: one packet holds one frame, and Opus
 * would have to leave out what does not fit. Pure.
 *
 * @param frameMs milliseconds of one frame
 * @returns bits a second, whole thousands, at most `fieldLimits.bitrateMax`
 */
export function bitrateMaxOf(frameMs: number): number {
  const kilobits = Math.floor((payloadBytesMax * 8) / frameMs);
  return Math.min(fieldLimits.bitrateMax, kilobits * 1_000);
}
