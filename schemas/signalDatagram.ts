import { DatagramKind } from './protocol.js';
import { uuidBytes, uuidFromBytes, uuidToBytes, type Uuid } from './uuid.js';

/**
 * What is worth nothing a moment later, and so travels in QUIC datagrams: who types where, who is
 * at the computer, and how much of a voice gets lost. Little-endian; the first byte is the kind
 * (protocol.ts, DatagramKind).
 *
 *     Typing, StopTyping   client → server   16  place
 *                          server → client   16  place    then 16 for each user
 *     Presence             client → server   u8  status
 *                          server → client   for each session: u32 token, u8 status
 *     ReceiverReport       client → server   for each speaker: u32 token, u8 per cent lost
 *                          server → client   u8  per cent lost of the own voice
 */
export type PresenceStatus = 'online' | 'idle' | 'away';

/** In the order of their values on the wire. */
const statuses: readonly PresenceStatus[] = ['online', 'idle', 'away'];

/** How much of a speaker's voice was lost on its way to one who hears it: 0 … 100, whole. */
export type SpeakerLoss = readonly [sessionToken: number, lossPct: number];

export type ClientSignal =
  | { readonly kind: 'typing' | 'stopTyping'; readonly placeId: Uuid }
  | { readonly kind: 'presence'; readonly status: PresenceStatus }
  | { readonly kind: 'receiverReport'; readonly losses: readonly SpeakerLoss[] };

export type ServerSignal =
  | {
      readonly kind: 'typing' | 'stopTyping';
      readonly placeId: Uuid;
      readonly userIds: readonly Uuid[];
    }
  | {
      readonly kind: 'presence';
      readonly statuses: readonly (readonly [sessionToken: number, status: PresenceStatus])[];
    }
  | { readonly kind: 'receiverReport'; readonly lossPct: number };

/** Fits a QUIC packet of 1,200 bytes with all that stands around it there. */
export const signalBytesMax = 1_100;

/** Speakers of one report: more than anybody follows at a time. */
export const reportedSpeakersMax = 32;

const lossPctMax = 100;
const entryBytes = 5;
type Entry = readonly [sessionToken: number, byte: number];
const usersPerDatagram = Math.floor((signalBytesMax - 1 - uuidBytes) / uuidBytes);
const sessionsPerDatagram = Math.floor((signalBytesMax - 1) / entryBytes);

const typingKinds = { typing: DatagramKind.Typing, stopTyping: DatagramKind.StopTyping } as const;

export function isSignal(datagram: Uint8Array): boolean {
  const kind = datagram[0];
  if (kind === DatagramKind.ReceiverReport) return true;
  return kind !== undefined && kind >= DatagramKind.Typing && kind <= DatagramKind.Presence;
}

/** @param signal of at most `reportedSpeakersMax` speakers, where it is a report */
export function encodeClientSignal(signal: ClientSignal): Uint8Array {
  if (signal.kind === 'receiverReport') {
    return encodeEntries(DatagramKind.ReceiverReport, signal.losses);
  }
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
  if (datagram[0] === DatagramKind.ReceiverReport) return decodeLosses(datagram);
  const kind = typingKindOf(datagram[0]);
  if (kind === null || datagram.length !== 1 + uuidBytes) return null;
  return { kind, placeId: uuidFromBytes(datagram.subarray(1)) };
}

/** @returns as many datagrams as it takes, none longer than `signalBytesMax` */
export function encodeServerSignal(signal: ServerSignal): Uint8Array[] {
  if (signal.kind === 'presence') {
    const entries = signal.statuses.map(([token, status]): Entry => {
      return [token, statuses.indexOf(status)];
    });
    return pieces(entries, sessionsPerDatagram).map((piece) => {
      return encodeEntries(DatagramKind.Presence, piece);
    });
  }
  if (signal.kind === 'receiverReport') {
    return [Uint8Array.of(DatagramKind.ReceiverReport, signal.lossPct)];
  }
  const head = Uint8Array.of(typingKinds[signal.kind], ...uuidToBytes(signal.placeId));
  return pieces(signal.userIds, usersPerDatagram).map(
    (userIds) => new Uint8Array(Buffer.concat([head, ...userIds.map(uuidToBytes)])),
  );
}

/** @returns null for bytes that are no signal of a server */
export function decodeServerSignal(datagram: Uint8Array): ServerSignal | null {
  if (datagram[0] === DatagramKind.Presence) return decodeStatuses(datagram);
  if (datagram[0] === DatagramKind.ReceiverReport) {
    const lossPct = datagram[1] ?? Infinity;
    const isReport = datagram.length === 2 && lossPct <= lossPctMax;
    return isReport ? { kind: 'receiverReport', lossPct } : null;
  }
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

function encodeEntries(kind: DatagramKind, entries: readonly Entry[]): Uint8Array {
  const datagram = new Uint8Array(1 + entries.length * entryBytes);
  const view = new DataView(datagram.buffer);
  datagram[0] = kind;
  entries.forEach(([token, byte], index) => {
    view.setUint32(1 + index * entryBytes, token, true);
    datagram[1 + index * entryBytes + 4] = byte;
  });
  return datagram;
}

/** @returns null where it is cut off, empty, or where a byte is above `byteMax` */
function decodeEntries(datagram: Uint8Array, byteMax: number): Entry[] | null {
  const { buffer, byteOffset, length } = datagram;
  if (length === 1 || (length - 1) % entryBytes !== 0) return null;
  const view = new DataView(buffer, byteOffset, length);
  const entries: Entry[] = [];
  for (let at = 1; at < length; at += entryBytes) {
    const byte = view.getUint8(at + 4);
    if (byte > byteMax) return null;
    entries.push([view.getUint32(at, true), byte]);
  }
  return entries;
}

function decodeLosses(datagram: Uint8Array): ClientSignal | null {
  if (datagram.length > 1 + reportedSpeakersMax * entryBytes) return null;
  const losses = decodeEntries(datagram, lossPctMax);
  return losses === null ? null : { kind: 'receiverReport', losses };
}

function decodeStatuses(datagram: Uint8Array): ServerSignal | null {
  const entries = decodeEntries(datagram, statuses.length - 1);
  if (entries === null) return null;
  return {
    kind: 'presence',
    statuses: entries.map(([token, status]) => [token, statuses[status]!] as const),
  };
}

function pieces<T>(values: readonly T[], countMax: number): (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < values.length; at += countMax) parts.push(values.slice(at, at + countMax));
  return parts;
}
