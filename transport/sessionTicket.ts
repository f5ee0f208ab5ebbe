import type { Connection } from '@matrixai/quic/native/types.js';

/** A ticket that cannot be read only means a full handshake. */
export function applyTicket(native: Connection, ticket: Uint8Array): void {
  try {
    native.setSession(ticket);
  } catch {
    return;
  }
}
