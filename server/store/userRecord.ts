import { RecordReader, RecordWriter } from './recordCodec.js';

/** What is kept of somebody who logged in. */
export interface UserRecord {
  /** Ed25519, 32 bytes; the user id is derived from it. */
  readonly publicKey: Uint8Array;
  /** Of the latest login. */
  readonly displayName: string;
  /** Milliseconds since 1970, as all times here. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

const version = 1;
const publicKeyBytes = 32;

export function encodeUser(user: UserRecord): Uint8Array {
  return new RecordWriter(version)
    .bytes(user.publicKey)
    .text(user.displayName)
    .time(user.firstSeenMs)
    .time(user.lastSeenMs)
    .finish();
}

/** @throws ServerError `unusableData` */
export function decodeUser(bytes: Uint8Array): UserRecord {
  const reader = new RecordReader('a user', bytes, version);
  const user = {
    publicKey: reader.bytes(publicKeyBytes),
    displayName: reader.text(),
    firstSeenMs: reader.time(),
    lastSeenMs: reader.time(),
  };
  reader.finish();
  return user;
}
