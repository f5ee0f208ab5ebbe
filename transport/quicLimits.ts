import type { NewcomerLimits } from './newcomerLine.js';
import { TransportError } from './transportError.js';
import type { QuicLimits } from './quicTypes.js';

/** What a server for a community starts with, and a client too. Each number has its reason. */
export const defaultQuicLimits: QuicLimits = {
  // The size of community that one machine is meant for.
  connectionsMax: 10_000,
  // A campus or a company behind one address.
  connectionsPerAddressMax: 256,
  // Handshakes last a few round trips; more at once from one address is no crowd but a flood.
  handshakesPerAddressMax: 64,
  // About 35 KB and 0.3 ms each: 36 MB, and a third of a second of work, at the very most.
  handshakesMax: 1024,
  handshakeTimeoutMs: 10_000,
  // A keep-alive that is lost is repeated within a second or so, again and again, until then.
  idleTimeoutMs: 30_000,
  // Below the 30 s after which many NATs forget a UDP mapping (RFC 4787 REQ-5 asks for 120 s).
  // Each costs the server about a tenth of a millisecond, as it comes alone.
  keepAliveMs: 15_000,
  // One control stream is the rule.
  bidiStreamsMax: 16,
  // 8 shards and 10 hot rooms one way; commands, acknowledgements and uploads the other.
  uniStreamsMax: 32,
  streamWindowBytes: 64 * 1024,
  // 256 KiB a round trip of 50 ms is 40 Mbit/s, enough for uploads.
  connectionWindowBytes: 256 * 1024,
  streamSendBytesMax: 64 * 1024,
  connectionSendBytesMax: 512 * 1024,
  // Over a second of one speaker's packets.
  datagramQueueMax: 64,
  // 40 Mbit/s of full packets; a speaker sends 50 packets a second.
  packetsPerSecondMax: 4000,
};

/** What an endpoint allows itself beyond what `QuicLimits` lets the operator choose. */
export const endpointLimits = {
  /**
   * UDP payload, sent. Passes every path that QUIC runs on (RFC 9000 section 14), and IPv6's
   * smallest MTU.
   */
  packetBytesMax: 1200,
  /** UDP payload, received: an Ethernet frame. */
  receivedPacketBytesMax: 1500,
  /**
   * Connection ids that a client gives its server, and so the addresses that it may move through
   * (quiche keeps a path for each). Sharing one id between paths is switched off: it leaves a path
   * with a retired id, the state behind CVE-2025-7054.
   */
  connectionIdsMax: 8,
  /**
   * Once there are as many handshakes as may be, the oldest goes for the next, unless it is younger
   * than this: an honest client needs two round trips. So whoever leaves handshakes half open keeps
   * nobody out.
   */
  handshakeMsMin: 500,
  /** Packets that one connection may send in one flush, so that others have their turn. */
  packetsPerFlushMax: 64,
  /**
   * Packets that one connection may send in a second, 190 Mbit/s. A peer that acknowledges what it
   * never got makes the congestion window worthless (CVE-2025-4820, CVE-2025-4821).
   */
  sentPacketsPerSecondMax: 20_000,
  /**
   * Such a peer is expelled once the window is larger than all that was sent by this much, or is
   * larger than this while so many bytes were taken and none acknowledged (congestionGuard.ts). The
   * library takes so many bytes beyond what is ours to bound, and is looked at each time after so
   * many.
   */
  congestionWindowBytesMax: 2 * 1024 * 1024,
  congestionLookBytes: 64 * 1024,
  /** How long a connection that has reached that rate waits. */
  sendPauseMs: 5,
  /** Packets from addresses not seen before: per second, and at once. */
  newPathPacketsPerSecond: 2,
  newPathPacketsBurst: 8,
  /** Changes of address that a peer may make: per second, and at once. */
  migrationsPerSecond: 1,
  migrationsBurst: 8,
  /**
   * While a peer's packets come from where the server does not send yet, and this long after, the
   * server pings a quiet connection this often: with 10 s in place of 5, one in sixty transfers
   * stood still for minutes after a change of address on a rough link.
   */
  pathDoubtMs: 60_000,
  pathDoubtPingMs: 5_000,
  /** How long the path to a former address is probed for what was lost on it. */
  formerPathMs: 10_000,
  /** Retries per second: each costs about 15 µs, so that a flood takes a sixth of a core. */
  retriesPerSecond: 10_000,
  /** Version negotiations, stateless resets and refusals per second (RFC 9000 section 10.3.3). */
  otherAnswersPerSecond: 1_000,
  /** Such answers that may wait for the next flush. */
  statelessAnswersMax: 512,
  /** A client with more connections than this waits for its time-out instead of a reset. */
  resetCandidatesMax: 16,
  /** How long a closing connection tries to put out what was written before. */
  lingerMs: 1_000,
  /** Reason phrase of a close, bytes of UTF-8. */
  closeReasonBytesMax: 200,
  /** Addresses at rest are forgotten this often. */
  sourceSweepMs: 10_000,
} as const;

/** Of the line in which packets wait whose senders have not logged in. */
export const newcomerLimits: NewcomerLimits = {
  // Two packets each of a thousand who come at once, as after a restart: whose packet is dropped
  // waits a second until he repeats it, and then two. 15 MB in all six lanes at most.
  packetsMax: 2_048,
  // Some handshakes at once, and still no longer than a member's message may well wait.
  msPerTurnMin: 2,
  // So a crowd that comes to a busy server gets a third of it.
  busyShare: 0.5,
  msPerTurnMax: 10,
};

/** Allowances of PeerBudget, bytes. */
export const overheadLimits = {
  /** Handshake, path validation, a burst of repeats. */
  freeBytes: 64 * 1024,
  /**
   * Keep-alives, probes and window updates of a quiet connection: a keep-alive has 40 bytes. It
   * explains so much and no more, or the patient could fill the memory: after some days a client
   * that never says anything has to connect anew.
   */
  bytesPerSecond: 16,
  bytesOverTimeMax: 512 * 1024,
  /** Header, tag, frame overhead and acknowledgement beside a small message. */
  bytesPerDelivery: 96,
  /** An acknowledgement with several ranges. */
  bytesPerSentPacket: 96,
  /**
   * What the peers of all connections together may have sent that carries nothing, and that time
   * does not explain: a byte of it costs up to 28 bytes of memory (CRYPTO frames of one byte each).
   */
  sharedBytes: 4 * 1024 * 1024,
  /** More for each connection: a handshake takes about so much. */
  sharedBytesPerConnection: 4 * 1024,
} as const;

/**
 * Refuses limits that contradict each other.
 *
 * @throws TransportError `invalidLimits`
 */
export function checkQuicLimits(limits: QuicLimits): void {
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw new TransportError('invalidLimits', `${name} must be a whole number, 0 or more`);
    }
  }
  refuseUnless(
    limits.keepAliveMs < limits.idleTimeoutMs,
    'keepAliveMs must be below idleTimeoutMs, or connections time out while they are alive',
  );
  refuseUnless(
    limits.streamWindowBytes <= limits.connectionWindowBytes,
    'streamWindowBytes must not be above connectionWindowBytes',
  );
  refuseUnless(
    limits.streamSendBytesMax <= limits.connectionSendBytesMax,
    'streamSendBytesMax must not be above connectionSendBytesMax',
  );
}

function refuseUnless(holds: boolean, message: string): void {
  if (!holds) throw new TransportError('invalidLimits', message);
}
