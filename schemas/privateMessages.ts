import type { FrameType } from './frameType.js';
import type { Uuid } from './uuid.js';

/** Messages of private rooms, part of messages.ts; the meaning stands in control/private.fbs. */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

/** A key that a member has made for its stay in a room, and the proof that it is its own. */
export interface AnnouncedKey {
  readonly sessionToken: number;
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}
export interface AnnounceKey extends Of<T['AnnounceKey']>, Omit<AnnouncedKey, 'sessionToken'> {
  readonly roomId: Uuid;
}
export interface SealedShare {
  readonly sessionToken: number;
  /** 72 bytes. */
  readonly sealed: Uint8Array;
}
export interface ShareKey extends Of<T['ShareKey']> {
  readonly roomId: Uuid;
  readonly keyNumber: number;
  readonly shares: readonly SealedShare[];
}
export interface MemberKey extends Of<T['MemberKey']> {
  readonly roomId: Uuid;
  readonly key: AnnouncedKey;
}
export interface MemberKeyList extends Of<T['MemberKeyList']> {
  readonly keys: readonly AnnouncedKey[];
}
export interface KeyShare extends Of<T['KeyShare']> {
  readonly roomId: Uuid;
  readonly senderToken: number;
  readonly keyNumber: number;
  /** 72 bytes. */
  readonly sealed: Uint8Array;
}

export type PrivateCommand = AnnounceKey | ShareKey;
/** What a client is told while it is in a private room. */
export type PrivateNews = MemberKey | KeyShare;
