import { RateBucket } from './rateBucket.js';
import type { QuicLimits } from './quicTypes.js';

interface Source {
  connections: number;
  handshakes: number;
  readonly starts: RateBucket;
}

export type SourceRefusal = 'addressLimit' | 'handshakeLimit';

/**
 * Counts what each source address has: connections, unfinished handshakes, and handshakes begun
 * lately. Only addresses that have proved themselves get this far, so a forger cannot fill it.
 */
export class SourceLimits {
  readonly #limits: QuicLimits;
  readonly #isTrusted: (key: string) => boolean;
  readonly #sources = new Map<string, Source>();

  /** @param isTrusted sources that may have as much as they like */
  constructor(limits: QuicLimits, isTrusted: (key: string) => boolean = () => false) {
    this.#limits = limits;
    this.#isTrusted = isTrusted;
  }

  get size(): number {
    return this.#sources.size;
  }

  /** Counts a connection that begins its handshake; null when it may. */
  admit(key: string, nowMs: number): SourceRefusal | null {
    const limits = this.#limits;
    const source = this.#sources.get(key) ?? this.#newSource(nowMs);
    if (!this.#isTrusted(key)) {
      if (source.connections >= limits.connectionsPerAddressMax) return 'addressLimit';
      if (source.handshakes >= limits.handshakesPerAddressMax) return 'handshakeLimit';
      if (!source.starts.take(nowMs)) return 'handshakeLimit';
    }
    source.connections++;
    source.handshakes++;
    this.#sources.set(key, source);
    return null;
  }

  handshakeEnded(key: string): void {
    const source = this.#sources.get(key);
    if (source !== undefined) source.handshakes--;
  }

  connectionEnded(key: string): void {
    const source = this.#sources.get(key);
    if (source !== undefined) source.connections--;
  }

  /** Forgets the addresses that nothing is known against. Call now and then. */
  sweep(nowMs: number): void {
    for (const [key, source] of this.#sources) {
      const isRested = source.starts.available(nowMs) >= this.#limits.connectionsPerAddressMax;
      if (source.connections === 0 && isRested) this.#sources.delete(key);
    }
  }

  #newSource(nowMs: number): Source {
    // A whole household may come at once; after that, handshakes only at the pace at which they
    // may also be open.
    const { handshakesPerAddressMax: perSecond, connectionsPerAddressMax: burst } = this.#limits;
    return { connections: 0, handshakes: 0, starts: new RateBucket(perSecond, burst, nowMs) };
  }
}

/** What counts as one source: an IPv4 address, or the /64 that an IPv6 host has to itself. */
export function sourceKey(host: string): string {
  if (!host.includes(':')) return host;
  const [head = '', tail] = host.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const tailGroups = tail === '' ? [] : tail.split(':');
    while (groups.length + tailGroups.length < 8) groups.push('0');
    groups.push(...tailGroups);
  }
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
