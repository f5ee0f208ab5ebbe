import { DatagramKind } from './protocol.js';
import { uuidBytes, uuidFromBytes, uuidToBytes, type Uuid } from './uuid.js';

/**
 * What is worth nothing a moment later, and so travels in QUIC datagrams: who types where, and who
 * is at the computer. Little-endian; the first byte is the kind (protocol.ts, DatagramKind).
 *
 *     Typing, StopTyping   client → server   16  place
 *                          server → client   16  place    then 16 for each user
 *     Presence             client → server   u8  status
 *                          server → client   for each session: u32 token, u8 status
 */
export type PresenceStatus = 'online' | 'idle' | 'away';

/** In the order of their values on the wire. */
const statuses: readonly PresenceStatus[] = ['online', 'idle', 'away'];

export type ClientSignal =
  | { readonly kind: 'typing' | 'stopTyping'; readonly placeId: Uuid }
  | { readonly kind: 'presence'; readonly status: PresenceStatus };

export type ServerSignal =
  | {
      readonly kind: 'typing' | 'stopTyping';
      readonly placeId: Uuid;
      readonly userIds: readonly Uuid[];
    }
  | {
      readonly kind: 'presence';
      readonly statuses: readonly (readonly [sessionToken: number, status: PresenceStatus])[];
    };

/** Fits a QUIC packet of 1,200 bytes with all that stands around it there. */
export const signalBytesMax = 1_100;

const entryBytes = 5;
const usersPerDatagram = Math.floor((signalBytesMax - 1 - uuidBytes) / uuidBytes);
const sessionsPerDatagram = Math.floor((signalBytesMax - 1) / entryBytes);

const typingKinds = { typing: DatagramKind.Typing, stopTyping: DatagramKind.StopTyping } as const;

export function isSignal(datagram: Uint8Array): boolean {
  const kind = datagram[0];
  return kind !== undefined && kind >= DatagramKind.Typing && kind <= DatagramKind.Presence;
}

export function encodeClientSignal(signal: ClientSignal): Uint8Array {
  if (signal.kind === 'presence') {
    return Uint8Array.of(DatagramKind.Presence, statuses.indexOf(signal.status));
  }
  return Uint8Array.of(typingKinds[signal.kind], ...uuidToBytes(signal.placeId));
}

/** @returns null for bytes that are no signal of a client */
export function decodeClientSignal(datagram: Uint8Array): ClientSignal | null {
  if (datagram[0] === DatagramKind.Presence) {
    const status = statuses[datagram[1] ?? statuses.length];
    return datagram.length === 2 && status !== undefined ? { kind: 'presence', status } : null;
  }
  const kind = typingKindOf(datagram[0]);
  if (kind === null || datagram.length !== 1 + uuidBytes) return null;
  return { kind, placeId: uuidFromBytes(datagram.subarray(1)) };
}

/** @returns as many datagrams as it takes, none longer than `signalBytesMax` */
export function encodeServerSignal(signal: ServerSignal): Uint8Array[] {
  if (signal.kind === 'presence') {
    return pieces(signal.statuses, sessionsPerDatagram).map(encodeStatuses);
  }
  const head = Uint8Array.of(typingKinds[signal.kind], ...uuidToBytes(signal.placeId));
  return pieces(signal.userIds, usersPerDatagram).map(
    (userIds) => new Uint8Array(Buffer.concat([head, ...userIds.map(uuidToBytes)])),
  );
}

/** @returns null for bytes that are no signal of a server */
export function decodeServerSignal(datagram: Uint8Array): ServerSignal | null {
  if (datagram[0] === DatagramKind.Presence) return decodeStatuses(datagram);
  const kind = typingKindOf(datagram[0]);
  const ids = datagram.subarray(1);
  if (kind === null || ids.length < 2 * uuidBytes || ids.length % uuidBytes !== 0) return null;
  const userIds: Uuid[] = [];
  for (let at = uuidBytes; at < ids.length; at += uuidBytes) {
    userIds.push(uuidFromBytes(ids.subarray(at, at + uuidBytes)));
  }
  return { kind, placeId: uuidFromBytes(ids.subarray(0, uuidBytes)), userIds };
}

function typingKindOf(kind: number | undefined): 'typing' | 'stopTyping' | null {
  if (kind === DatagramKind.Typing) return 'typing';
  return kind === DatagramKind.StopTyping ? 'stopTyping' : null;
}

function encodeStatuses(entries: readonly (readonly [number, PresenceStatus])[]): Uint8Array {
  const datagram = new Uint8Array(1 + entries.length * entryBytes);
  const view = new DataView(datagram.buffer);
  datagram[0] = DatagramKind.Presence;
  entries.forEach(([token, status], index) => {
    view.setUint32(1 + index * entryBytes, token, true);
    datagram[1 + index * entryBytes + 4] = statuses.indexOf(status);
  });
  return datagram;
}

function decodeStatuses(datagram: Uint8Array): ServerSignal | null {
  const { buffer, byteOffset, length } = datagram;
  if (length === 1 || (length - 1) % entryBytes !== 0) return null;
  const view = new DataView(buffer, byteOffset, length);
  const entries: [number, PresenceStatus][] = [];
  for (let at = 1; at < length; at += entryBytes) {
    const status = statuses[view.getUint8(at + 4)];
    if (status === undefined) return null;
    entries.push([view.getUint32(at, true), status]);
  }
  return { kind: 'presence', statuses: entries };
}

function pieces<T>(values: readonly T[], countMax: number): (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < values.length; at += countMax) parts.push(values.slice(at, at + countMax));
  return parts;
}
