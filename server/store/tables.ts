/**
 * The version of what the tables hold and how their keys are made. A new table needs no new version
 * (it is made where it is missing), nor does a new version of a record (its first byte tells which
 * it is, and its codec reads all that there ever were). What cannot be read any more as it stands
 * needs a migration in `migrations.ts`.
 */
export const schemaVersion = 1;

/**
 * Every table of the database, with its keys and its values. Keys are of fixed width and sort as
 * bytes; a UUID is 16 bytes.
 */
export const tableNames = [
  /** Text → what concerns the database itself: the schema version. */
  'meta',
  /** User id → userRecord.ts */
  'users',
  /** Room id → roomRecord.ts */
  'rooms',
  /** User id → lastRooms.ts */
  'lastRooms',
  /** 16 bytes of a name's hash ‖ user id → nothing but its being there (userNames.ts) */
  'userNames',
  /** Talk id → talkRecord.ts */
  'talks',
  /** User id ‖ id of a talk that the user takes part in → the talk's type (talkRecord.ts) */
  'userTalks',
  /** Room or talk id ‖ message id → messageRecord.ts. Message ids sort by time. */
  'messages',
  /** The sender's own id of a message ‖ user id → the message's key in `messages`. */
  'clientMessages',
  /** Room id ‖ message id ‖ user id → reactions.ts */
  'reactions',
  /** Room id → pins.ts */
  'pins',
  /** Room id ‖ id of a room that it is linked to → roomLinks.ts. Each link is there both ways. */
  'roomLinks',
  /** User id ‖ room id → readMarks.ts */
  'readMarks',
  /** Room id ‖ word ‖ 0 ‖ message id → nothing: searchIndex.ts */
  'searchTerms',
  /** Text → how far the index of words goes: a message id. */
  'searchState',
  /** User id → tickets.ts */
  'tickets',
  /** User id → the role that was given (roles.ts) */
  'roles',
  /** The byte of a role → what it grants (roles.ts) */
  'roleGrants',
  /** Group id → groups.ts */
  'groups',
  /** Room id → roomRules.ts */
  'roomRules',
  /** Upload id → uploadRecord.ts */
  'uploads',
  /** BLAKE3 of a file ‖ id of a finished upload with that content → one byte, 1 */
  'uploadContents',
  /** Id of an entry, which sorts by time → auditRecord.ts */
  'audit',
  /** Id of a ban, which sorts by time → bans.ts */
  'bans',
  /** Id of a ban that the server made by itself, which sorts by time → temporaryBans.ts */
  'temporaryBans',
  /** User id → userModeration.ts: those alone whom somebody muted or deafened. */
  'userModeration',
  /** Id of a report, which sorts by time → reports.ts */
  'reports',
  /** Name of a setting, as text → settings.ts */
  'settings',
  /** User id → accountPasswords.ts */
  'accountPasswords',
  /** Half of the hash of an invitation's code → invites.ts */
  'invites',
  /** Id of a user who wants to be let in → joinRequests.ts */
  'joinRequests',
] as const;

export type TableName = (typeof tableNames)[number];

/** One change of one entry. */
export interface Write {
  readonly table: TableName;
  /** Not changed by anybody afterwards. */
  readonly key: Uint8Array;
  /** null removes the entry; where there is none, nothing happens. Not changed afterwards. */
  readonly value: Uint8Array | null;
}

/** Neighbouring entries of a table. */
export interface KeyRange {
  readonly table: TableName;
  /** The lowest key that belongs to it. */
  readonly from: Uint8Array;
  /** The first key above it. */
  readonly to: Uint8Array;
  readonly order: 'ascending' | 'descending';
  /** How many entries are read, from the beginning of the order. */
  readonly countMax: number;
  /** How many entries of the range are left out before. */
  readonly skip?: number;
}

/** What the repositories stand on; `Database` is the one that lasts. */
export interface Tables {
  /**
   * The value as it is once everything is committed that was asked for.
   *
   * @returns bytes of the caller's own, or null
   */
  get(table: TableName, key: Uint8Array): Uint8Array | null;
  /**
   * Reads durable entries, in order.
   *
   * @param decode makes something of an entry; both arrays are its own
   */
  read<T>(range: KeyRange, decode: (key: Uint8Array, value: Uint8Array) => T): T[];
  /** The same for the keys alone, which is cheaper. */
  keys(range: KeyRange): Uint8Array[];
  /**
   * Writes all of it or nothing, together with whatever else is written in this turn of the event
   * loop, in the order of the calls.
   *
   * @returns settles once it is durable
   * @throws ServerError `storageFull`, `storageBusy` or `storageFault`; nothing was written then
   */
  commit(writes: readonly Write[]): Promise<void>;
  /** The same where nobody waits. What fails is in the log, and is gone. */
  commitBehind(writes: readonly Write[]): void;
  /**
   * Settles once everything is durable that was asked for so far.
   *
   * @throws ServerError as commit(), where some of it was not written
   */
  untilDurable(): Promise<void>;
}
