import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';
import { packetKeys, sealPacket, type PacketKeys } from '../packetProtection.js';
import { makeClientConfig } from '../quicConfig.js';
import { defaultQuicLimits, endpointLimits } from '../quicLimits.js';
import type { QuicLimits } from '../quicTypes.js';
import type { UdpAddress } from '../udpSocket.js';
import { padding, type QuicFrame } from './quicFrames.js';

/** Short header, fixed bit, a packet number of four bytes (RFC 9000 section 17.3.1). */
const firstByte = 0x43;
const packetNumberBytes = 4;
/** Below it the header protection has no sample to take. */
const framesBytesMin = 4;
/** The library's own packets have lower numbers, so that none is taken for a repeat. */
const firstPacketNumber = 1 << 24;

export interface HostilePeerOptions {
  readonly alpn: string;
  readonly local: UdpAddress;
  readonly server: UdpAddress;
  readonly limits?: Partial<QuicLimits>;
}

/**
 * A client that keeps no rule: the library makes its connection, and beside it stand packets of any
 * frames, sealed with the keys of that connection. It has no socket and no clock.
 */
export class HostilePeer {
  readonly native: Connection;
  readonly #options: HostilePeerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rookery-hostile-'));
  readonly #out = new Uint8Array(endpointLimits.receivedPacketBytesMax);
  #keys: PacketKeys | null = null;
  #packetNumber = firstPacketNumber;

  constructor(options: HostilePeerOptions) {
    const { alpn, limits, local, server } = options;
    this.#options = options;
    const config = makeClientConfig({
      alpn,
      limits: { ...defaultQuicLimits, ...limits },
      localAddress: local,
    });
    config.logKeys();
    this.native = quiche.Connection.connect('x', randomBytes(16), local, server, config);
    this.native.setKeylog(this.#keyFile);
  }

  /** A packet of the server. */
  receive(packet: Uint8Array): void {
    const { server, local } = this.#options;
    try {
      // The library decrypts in place.
      this.native.recv(new Uint8Array(packet), { from: server, to: local });
    } catch {
      // It keeps the rules, and may find that its side of the connection does not.
      return;
    }
  }

  /** What the library has to send. */
  *outgoing(): Iterable<Uint8Array> {
    const packet = new Uint8Array(endpointLimits.receivedPacketBytesMax);
    for (;;) {
      let sent: ReturnType<Connection['send']>;
      try {
        sent = this.native.send(packet);
      } catch {
        return;
      }
      if (sent === null) return;
      yield packet.slice(0, sent[0]);
    }
  }

  /**
   * A packet of these frames, as if the library had sent it. Only after the handshake.
   *
   * @throws Error where the connection has another cipher suite than TLS_AES_128_GCM_SHA256
   */
  craft(...frames: readonly QuicFrame[]): Uint8Array {
    this.#keys ??= this.#readKeys();
    const payload = Buffer.concat(frames);
    const missing = framesBytesMin - payload.length;
    const padded = missing > 0 ? Buffer.concat([payload, padding(missing)]) : payload;
    const id = this.native.destinationId();
    this.#out[0] = firstByte;
    this.#out.set(id, 1);
    const at = 1 + id.length;
    const length = sealPacket(this.#out, at, this.#packetNumber++, padded, this.#keys);
    return this.#out.slice(0, length);
  }

  /** Most bytes of frames that one packet holds. */
  get framesBytesMax(): number {
    const headerBytes = 1 + this.native.destinationId().length + packetNumberBytes;
    return endpointLimits.packetBytesMax - headerBytes - 16;
  }

  /** Removes what was written to the disk. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #keyFile(): string {
    return join(this.#folder, 'keys');
  }

  #readKeys(): PacketKeys {
    // Of the form that NSS writes: label, client random, secret.
    const match = /^CLIENT_TRAFFIC_SECRET_0 \S+ (\S+)$/m.exec(readFileSync(this.#keyFile, 'utf8'));
    const secret = Buffer.from(match?.[1] ?? '', 'hex');
    if (secret.length !== 32) throw new Error('the handshake has given no key for AES-128-GCM');
    return packetKeys(secret);
  }
}
