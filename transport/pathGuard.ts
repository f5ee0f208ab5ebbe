import type { Connection, PathEvent } from '@matrixai/quic/native/types.js';
import { endpointLimits } from './quicLimits.js';
import { RateBucket } from './rateBucket.js';
import type { UdpAddress } from './udpSocket.js';

/** What the peer did. */
export type PathChange =
  | { readonly kind: 'migrated'; readonly remote: UdpAddress }
  | { readonly kind: 'tooManyMigrations' };

/**
 * Watches the addresses of one connection's peer. A NAT may give the peer a new one at any time;
 * the library then validates it and moves over. Each address costs it a path, and each change a
 * fresh congestion state, so both come at a bounded rate only.
 */
export class PathGuard {
  readonly #native: Connection;
  readonly #known: UdpAddress[];
  /** The library also tells of migrations back, after an address that could not be validated. */
  #current: UdpAddress;
  readonly #newPathPackets: RateBucket;
  readonly #migrations: RateBucket;
  /** Path events only follow packets from elsewhere: until there was one, nothing is asked. */
  #sawElsewhere = false;

  constructor(native: Connection, remote: UdpAddress, nowMs: number) {
    const { newPathPacketsPerSecond, newPathPacketsBurst } = endpointLimits;
    this.#native = native;
    this.#known = [remote];
    this.#current = remote;
    this.#newPathPackets = new RateBucket(newPathPacketsPerSecond, newPathPacketsBurst, nowMs);
    this.#migrations = new RateBucket(
      endpointLimits.migrationsPerSecond,
      endpointLimits.migrationsBurst,
      nowMs,
    );
  }

  /** Whether a packet from an address other than the current one may go to the library. */
  admits(from: UdpAddress, nowMs: number): boolean {
    this.#sawElsewhere = true;
    return this.#known.some((known) => isSame(known, from)) || this.#newPathPackets.take(nowMs);
  }

  /** The next thing that happened to the paths, or null. */
  next(nowMs: number): PathChange | null {
    if (!this.#sawElsewhere) return null;
    // The library's typing hides that there may be no event.
    let event = this.#native.pathEventNext() as PathEvent | null | undefined;
    while (event) {
      if (event.type === 'New') {
        this.#known.push({ host: event.peer.host, port: event.peer.port });
      } else if (event.type === 'Closed') {
        this.#forget(event.peer);
      } else if (event.type === 'PeerMigrated' && !isSame(event.new, this.#current)) {
        if (!this.#migrations.take(nowMs)) return { kind: 'tooManyMigrations' };
        this.#current = { host: event.new.host, port: event.new.port };
        return { kind: 'migrated', remote: this.#current };
      }
      event = this.#native.pathEventNext();
    }
    return null;
  }

  #forget(peer: UdpAddress): void {
    const index = this.#known.findIndex((known) => isSame(known, peer));
    if (index >= 0) this.#known.splice(index, 1);
  }
}

function isSame(a: UdpAddress, b: UdpAddress): boolean {
  return a.port === b.port && a.host === b.host;
}
