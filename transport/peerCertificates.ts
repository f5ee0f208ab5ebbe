import type { Connection } from '@matrixai/quic/native/types.js';
import { certificateIdentity, type CertificateIdentity } from './certificateIdentity.js';

/**
 * Reads what peers show, and knows the last one again: who makes many connections makes them to
 * one server, and reading a certificate costs as much as the handshake around it.
 */
export class PeerCertificates {
  #last: { readonly leaf: Uint8Array; readonly identity: CertificateIdentity } | null = null;

  /** Of the peer's leaf certificate; null when it showed none that can be read. */
  read(native: Pick<Connection, 'peerCertChain'>): CertificateIdentity | null {
    const leaf = native.peerCertChain()?.[0];
    if (leaf === undefined) return null;
    if (this.#last !== null && Buffer.compare(leaf, this.#last.leaf) === 0) {
      return this.#last.identity;
    }
    try {
      const identity = certificateIdentity(leaf);
      this.#last = { leaf, identity };
      return identity;
    } catch {
      return null;
    }
  }
}
