import { sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  bundleLengthBytes,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  whisperHeaderBytes,
  writeBundleHeader,
  writeListId,
  writePongBody,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';

/** Packets as a relay sends them to a client in tests, each a new array. */

export const testHopKey = new Uint8Array(16).fill(3);
export const testRoomKey = new Uint8Array(32).fill(7);
export const testWhisperKey = new Uint8Array(32).fill(8);
/** The token of the session that speaks in them. */
export const otherToken = 9;

/** A frame of the room; its timestamp is 960 × counter. */
export function sealedFrame(
  payload: readonly number[],
  epoch: number,
  counter: number,
): Uint8Array {
  const packet = packetOf(VoiceKind.Voice, epoch, counter);
  packet.set(payload, voiceHeaderBytes);
  return packet.slice(0, sealFrame(packet, payload.length, testRoomKey));
}

/** A frame whispered to list 31. */
export function sealedWhisper(
  payload: readonly number[],
  epoch: number,
  counter: number,
): Uint8Array {
  const packet = packetOf(VoiceKind.Whisper, epoch, counter);
  writeListId(packet, 0, 31);
  packet.set(payload, whisperHeaderBytes);
  return packet.slice(0, sealFrame(packet, payload.length, testWhisperKey, whisperHeaderBytes));
}

export function bundleOf(packets: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(voiceHeaderBytes);
  writeBundleHeader(header, 0);
  const frames = packets.flatMap((packet) => {
    const length = new Uint8Array(bundleLengthBytes);
    new DataView(length.buffer).setUint16(0, packet.length, true);
    return [length, packet];
  });
  return new Uint8Array(Buffer.concat([header, ...frames]));
}

/** The answer to a ping. */
export function pongOf(ping: Uint8Array): Uint8Array {
  const pong = new Uint8Array(64);
  pong.set(ping.subarray(0, voiceHeaderBytes));
  return pong.slice(0, writeHopTag(pong, writePongBody(pong, 0), testHopKey));
}

function packetOf(kind: VoiceKind, epoch: number, counter: number): Uint8Array {
  const packet = new Uint8Array(voicePacketBytesMax);
  writeVoiceHeader(packet, 0, {
    token: otherToken,
    counter,
    epoch,
    kind,
    endOfSpurt: false,
    level: 0,
    timestamp: 960 * counter,
  });
  return packet;
}
