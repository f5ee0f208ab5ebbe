import { hopKeyBytes } from '@rookery/schemas/voiceCrypto';
import { defineTable } from '@rookery/schemas/sharedTable';

/** Bits of the `flags` column. */
export const SessionFlag = { Muted: 1, Deafened: 2, Suppressed: 4 } as const;

/** `roomIndex` of a session that is in no room. */
export const noRoom = -1;

/** An address: 16 bytes of IPv6 (IPv4 mapped, RFC 4291 section 2.5.5.2), the port big-endian. */
export const peerAddressBytes = 18;

/** 64 words of 32 packets: the replay window is 2,048 − 32 packets (RFC 6479 section 4). */
export const replayWords = 64;

/**
 * One row a session slot: what the relay needs to know of a session, and what it alone knows.
 *
 * | column        | writer | meaning                                                             |
 * |---------------|--------|---------------------------------------------------------------------|
 * | token         | main   | the session in this slot; 0 = free. With hopKey one row version     |
 * | hopKey        | main   | SipHash key of its hop tags                                         |
 * | roomIndex     | main   | row of roomTable, or `noRoom`                                       |
 * | flags         | main   | `SessionFlag` bits                                                  |
 * | relayToken    | relay  | the session that the relay's columns belong to; where it is not     |
 * |               |        | `token`, they are left from an earlier session and count as empty   |
 * | address       | relay  | where the session is heard from; port 0 = nowhere yet. With         |
 * |               |        | relayToken one row version                                          |
 * | replayHighest | relay  | highest counter accepted: low word, high word                       |
 * | replaySeen    | relay  | bitmap of counters accepted, a ring of `replayWords`                |
 * | lastHeardMs   | relay  | clock of the relay, modulo 2^32, at the last accepted packet        |
 *
 * The relay's columns outlive its thread, so that after a crash sessions speak on and no recorded
 * packet becomes fresh again.
 */
export const sessionTable = defineTable({
  name: 'sessions',
  columns: {
    token: { type: 'u32', writer: 'main' },
    hopKey: { type: 'bytes', length: hopKeyBytes, writer: 'main' },
    roomIndex: { type: 'i32', writer: 'main' },
    flags: { type: 'u32', writer: 'main' },
    relayToken: { type: 'u32', writer: 'relay' },
    address: { type: 'bytes', length: peerAddressBytes, writer: 'relay' },
    replayHighest: { type: 'words', length: 2, writer: 'relay' },
    replaySeen: { type: 'words', length: replayWords, writer: 'relay' },
    lastHeardMs: { type: 'u32', writer: 'relay' },
  },
});

export type SessionTable = ReturnType<typeof sessionTable.attach>;
