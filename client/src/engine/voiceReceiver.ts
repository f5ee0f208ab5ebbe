import { openFrame } from '@rookery/schemas/voiceCrypto';
import {
  bundleLengthBytes,
  readBundledLength,
  readCounter,
  readEndOfSpurt,
  readEpoch,
  readKind,
  readTimestamp,
  readToken,
  sealBytes,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  whisperHeaderBytes,
} from '@rookery/schemas/voicePacket';
import { HeldFrames } from './heldFrames.js';
import type { PrivateRooms } from './privateRooms.js';
import type { RoomKeys } from './roomKeys.js';
import type { VoiceCounters } from './voiceCounters.js';
import type { WhisperKeys } from './whisperKeys.js';

/** Whom a frame was meant for: everybody who hears the room, or us among those of a list. */
export type Audience = 'room' | 'whisper';

/**
 * An opened frame of another session.
 *
 * @param payload Opus, valid during the call only.
 */
export type VoiceFrameListener = (
  token: number,
  counter: number,
  timestamp: number,
  endOfSpurt: boolean,
  payload: Uint8Array,
  audience: Audience,
) => void;

/** What openVoice() asked for; it holds over all sessions until the engine is closed. */
export interface VoiceWish {
  readonly onFrame: VoiceFrameListener;
  readonly counters: VoiceCounters;
}

/** What opens frames. */
export interface OpeningKeys {
  readonly room: RoomKeys;
  readonly whisper: WhisperKeys;
  /** Whose members make the keys: no other opens their frames. */
  readonly private: PrivateKeys;
}

/** What is needed of PrivateRooms. */
export type PrivateKeys = Pick<PrivateRooms, 'isFellow' | 'openingKey' | 'sealingKey' | 'apply'>;

/** A key is a few round trips late at most; a frame that waited longer is too old to be heard. */
const holdMs = 500;
/** Half a second of three speakers. */
const heldFramesMax = 75;

/** Opens what the relay sends on: frames alone or in bundles, of the room or whispered. */
export class VoiceReceiver {
  private readonly opened = new Uint8Array(voicePacketBytesMax);
  private readonly held = new HeldFrames(heldFramesMax, voicePacketBytesMax, holdMs);
  private expiry: NodeJS.Timeout | null = null;

  constructor(
    private readonly keys: OpeningKeys,
    private readonly counters: VoiceCounters,
    private readonly onFrame: VoiceFrameListener,
  ) {}

  /** @param packet a whole header at least, `voicePacketBytesMax` at most; lent for the call. */
  receive(packet: Uint8Array): void {
    if (readKind(packet, 0) === VoiceKind.Bundle) this.receiveBundle(packet);
    else this.receiveFrame(packet);
  }

  /** To be called whenever the keys have changed, or where somebody is: opens what waited. */
  onKeysChanged(): void {
    if (!this.held.isEmpty) this.retryHeld();
  }

  close(): void {
    if (this.expiry !== null) clearTimeout(this.expiry);
  }

  private receiveBundle(packet: Uint8Array): void {
    let position = voiceHeaderBytes;
    do {
      const frameBytes = readBundledLength(packet, packet.length, position);
      if (frameBytes === -1) {
        this.counters.droppedMalformed++;
        return;
      }
      const frameAt = position + bundleLengthBytes;
      position = frameAt + frameBytes;
      this.receiveFrame(packet.subarray(frameAt, position));
    } while (position < packet.length);
  }

  private receiveFrame(packet: Uint8Array): void {
    const kind = readKind(packet, 0);
    if (kind !== VoiceKind.Voice && kind !== VoiceKind.Whisper) {
      this.counters.droppedKind++;
    } else if (packet.length < payloadAtOf(kind) + sealBytes) {
      this.counters.droppedMalformed++;
    } else if (!this.tryOpen(packet, packet.length)) {
      if (!this.held.hold(packet, packet.length, performance.now())) this.countUnopened(packet);
      this.expiry ??= setTimeout(() => this.onExpiry(), holdMs);
    }
  }

  private readonly tryOpen = (packet: Uint8Array, packetBytes: number): boolean => {
    const { room, whisper } = this.keys;
    const token = readToken(packet, 0);
    const epoch = readEpoch(packet, 0);
    if (readKind(packet, 0) === VoiceKind.Whisper) {
      return this.tryKey(packet, packetBytes, whisper.openingKey(token, epoch));
    }
    if (this.keys.private.isFellow(token)) {
      return this.tryKey(packet, packetBytes, this.keys.private.openingKey(token, epoch));
    }
    return (
      this.tryKey(packet, packetBytes, room.openingKey(token, epoch)) ||
      this.tryKey(packet, packetBytes, room.ownKey(token, epoch)) ||
      this.tryKey(packet, packetBytes, room.comingKey(token, epoch))
    );
  };

  private tryKey(packet: Uint8Array, packetBytes: number, key: Uint8Array | null): boolean {
    if (key === null) return false;
    const kind = readKind(packet, 0);
    const payloadBytes = openFrame(packet, packetBytes, key, this.opened, payloadAtOf(kind));
    if (payloadBytes < 0) return false;
    this.counters.framesReceived++;
    if (kind === VoiceKind.Whisper) this.counters.whispersReceived++;
    this.onFrame(
      readToken(packet, 0),
      readCounter(packet, 0),
      readTimestamp(packet, 0),
      readEndOfSpurt(packet, 0),
      this.opened.subarray(0, payloadBytes),
      kind === VoiceKind.Whisper ? 'whisper' : 'room',
    );
    return true;
  }

  private onExpiry(): void {
    this.expiry = null;
    this.retryHeld();
    if (!this.held.isEmpty) this.expiry = setTimeout(() => this.onExpiry(), holdMs);
  }

  private retryHeld(): void {
    this.held.retry(this.tryOpen, this.countUnopened, performance.now());
  }

  private readonly countUnopened = (packet: Uint8Array): void => {
    const token = readToken(packet, 0);
    const isWhisper = readKind(packet, 0) === VoiceKind.Whisper;
    const ofRoom = this.keys.private.isFellow(token) ? this.keys.private : this.keys.room;
    const keys = isWhisper ? this.keys.whisper : ofRoom;
    const key = keys.openingKey(token, readEpoch(packet, 0));
    this.counters[key === null ? 'droppedUnknownEpoch' : 'droppedFalseSeal']++;
  };
}

function payloadAtOf(kind: number): number {
  return kind === VoiceKind.Whisper ? whisperHeaderBytes : voiceHeaderBytes;
}
