import { hopKeyBytes } from '@rookery/schemas/voiceCrypto';
import { defineTable } from '@rookery/schemas/sharedTable';

/** Bits of the `flags` column. */
export const SessionFlag = { Muted: 1, Deafened: 2, Suppressed: 4 } as const;

/** `roomIndex` of a session that is in no room. */
export const noRoom = -1;

/**
 * One row a session slot: what the relay is told of a session. Written by the main thread; what the
 * relay finds out itself stands in `pathTable.ts`.
 *
 * | column    | meaning                                                                 |
 * |-----------|-------------------------------------------------------------------------|
 * | token     | the session in this slot; 0 = free. With hopKey one row version         |
 * | hopKey    | SipHash key of its hop tags                                             |
 * | roomIndex | row of roomTable, or `noRoom`                                           |
 * | flags     | `SessionFlag` bits                                                      |
 */
export const sessionTable = defineTable({
  name: 'sessions',
  columns: {
    token: { type: 'u32', writer: 'main' },
    hopKey: { type: 'bytes', length: hopKeyBytes, writer: 'main' },
    roomIndex: { type: 'i32', writer: 'main' },
    flags: { type: 'u32', writer: 'main' },
  },
});

export type SessionTable = ReturnType<typeof sessionTable.attach>;
