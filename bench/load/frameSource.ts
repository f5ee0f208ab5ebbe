import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  frameSamples,
  VoiceKind,
  voiceHeaderBytes,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { writePayload } from './framePayload.js';
import type { LoadTarget } from './loadMessages.js';

/** Loudness of every frame: a speaker in a room, not a shout. */
const level = 8;

/** Makes the packets of all sessions, sealed and tagged like a client's; each has its counter. */
export class FrameSource {
  readonly #target: LoadTarget;
  readonly #payloadBytes: number;
  readonly #counters: Float64Array;
  readonly #timestamps: Uint32Array;

  constructor(target: LoadTarget, payloadBytes: number, random: SeededRandom) {
    this.#target = target;
    this.#payloadBytes = payloadBytes;
    this.#counters = new Float64Array(target.sessions.length);
    this.#timestamps = Uint32Array.from(target.sessions, () => random.nextUint32());
  }

  /** Counter of the packet that was made last for a session. */
  counterOf(session: number): number {
    return this.#counters[session]!;
  }

  /** @returns length of the packet, which begins at 0 of `out` */
  writeFrame(session: number, out: Uint8Array): number {
    const { token, hopKey, room } = this.#target.sessions[session]!;
    const { key, epoch } = this.#target.rooms[room]!;
    this.#timestamps[session]! += frameSamples;
    this.#writeHeader(session, VoiceKind.Voice, epoch, out);
    const payload = out.subarray(voiceHeaderBytes, voiceHeaderBytes + this.#payloadBytes);
    writePayload(payload, token, this.counterOf(session));
    return writeHopTag(out, sealFrame(out, this.#payloadBytes, key), hopKey);
  }

  /** The same for a Ping. */
  writePing(session: number, out: Uint8Array): number {
    this.#writeHeader(session, VoiceKind.Ping, 0, out);
    return writeHopTag(out, voiceHeaderBytes, this.#target.sessions[session]!.hopKey);
  }

  #writeHeader(session: number, kind: VoiceKind, epoch: number, out: Uint8Array): void {
    this.#counters[session]!++;
    writeVoiceHeader(out, 0, {
      token: this.#target.sessions[session]!.token,
      counter: this.counterOf(session),
      epoch,
      kind,
      endOfSpurt: false,
      level,
      timestamp: this.#timestamps[session]!,
    });
  }
}
