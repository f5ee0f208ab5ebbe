import { packedAddressWords } from '@rookery/transport/packedAddress';
import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * The address of a session that is heard over QUIC: like that of another socket to whoever compares
 * addresses. No socket has it, because the high half of the last word is zero in all of theirs.
 */
export const quicAddress: Int32Array = Int32Array.of(0, 0, 0, 0, 0x1_0000);

/** Whether an address is `quicAddress`. */
export function isQuicAddress(address: Int32Array): boolean {
  return address[packedAddressWords - 1] === quicAddress[packedAddressWords - 1];
}

/** 64 words of 32 packets: the replay window is 2,048 − 32 packets (RFC 6479 section 4). */
export const replayWords = 64;

/**
 * What one relay worker alone knows of each session, a row a session slot. Each worker has a table
 * of its own and reads those of the others: the kernel keeps a peer with one worker, but a peer
 * that moves may come to another.
 *
 * | column        | meaning                                                                      |
 * |---------------|------------------------------------------------------------------------------|
 * | token         | the session that the row belongs to; where it is not the one in the slot,    |
 * |               | the row is left from an earlier session and counts as empty                  |
 * | address       | where the session was last heard by a Ping; port 0 = nowhere yet             |
 * | bindCounter   | counter of that Ping: low word, high word. Of all workers' rows, the one     |
 * |               | with the highest tells the session's current address                         |
 * | replayHighest | highest counter accepted: low word, high word                                |
 * | lastHeardMs   | clock of the relay, modulo 2^32, at the last accepted packet                 |
 * | replaySeen    | bitmap of counters accepted, a ring of `replayWords`                         |
 *
 * Token, address and bindCounter have one row version. All outlive the thread, so that after a
 * crash sessions speak on and no recorded packet becomes fresh again.
 */
export const pathTable = defineTable({
  name: 'paths',
  columns: {
    token: { type: 'u32', writer: 'worker' },
    address: { type: 'words', length: packedAddressWords, writer: 'worker' },
    bindCounter: { type: 'words', length: 2, writer: 'worker' },
    replayHighest: { type: 'words', length: 2, writer: 'worker' },
    lastHeardMs: { type: 'u32', writer: 'worker' },
    replaySeen: { type: 'words', length: replayWords, writer: 'worker' },
  },
  // With the version 76 words: so every row begins a cache line, which has all but the bitmap.
  rowGapBytes: 16,
});

export type PathTable = ReturnType<typeof pathTable.attach>;
