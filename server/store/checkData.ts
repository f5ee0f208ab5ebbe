import { rootRoomId } from '@rookery/schemas/protocol';
import { uuidBytes, uuidFromBytes } from '@rookery/schemas/uuid';
import { ServerError } from '../errors.js';
import { readingOptions, versionOf } from './backup.js';
import { Database } from './database.js';
import { deskChecks, nameOfEntry, visitEntries } from './deskTables.js';
import { idKey, idsOfPair, pairKey } from './keys.js';
import { uploadChecks } from './checkUploads.js';
import { decodeLastRoom } from './lastRooms.js';
import { decodeStoredMessage } from './messageRecord.js';
import { databasePath, readVersion } from './migrate.js';
import { decodePins } from './pins.js';
import { decodeOwnReactions } from './reactions.js';
import { decodeLink } from './roomLinks.js';
import { decodeReadMark } from './readMarks.js';
import { decodeRoom } from './roomRecord.js';
import { decodeTalk, decodeTalkType } from './talkRecord.js';
import { schemaVersion, tableNames, type TableName, type Tables } from './tables.js';
import { decodeTicket } from './tickets.js';
import { userNameKey } from './userNames.js';
import { decodeUser } from './userRecord.js';

/** What a check found. */
export interface CheckReport {
  readonly version: number;
  /** Entries of each table. */
  readonly entries: Readonly<Record<string, number>>;
  readonly problemCount: number;
  /** The first of them, each a sentence. */
  readonly problems: readonly string[];
}

/** Says what is wrong with an entry; null where nothing is. */
export type EntryCheck = (tables: Tables, key: Uint8Array, value: Uint8Array) => string | null;

const problemsMax = 20;

type TableOfItsOwn = keyof ReturnType<typeof uploadChecks> | keyof typeof deskChecks;

const entryChecks: Readonly<Record<Exclude<TableName, TableOfItsOwn>, EntryCheck>> = {
  meta: () => null,
  users: (_tables, key, value) => {
    uuidFromBytes(key);
    decodeUser(value);
    return null;
  },
  rooms: (tables, key, value) => {
    const { room } = decodeRoom(uuidFromBytes(key), value);
    const { roomId, parentId } = room;
    if (parentId === null) return roomId === rootRoomId ? null : 'a room has none above it';
    return tables.get('rooms', idKey(parentId)) === null ? 'the room above a room is gone' : null;
  },
  roomLinks: (tables, key, value) => {
    decodeLink(value);
    const { first, second } = idsOfPair(key);
    if (tables.get('roomLinks', pairKey(second, first)) === null) {
      return 'a room is linked to one that is not linked to it';
    }
    const isGone = [first, second].some((id) => tables.get('rooms', idKey(id)) === null);
    return isGone ? 'a room that is linked is gone' : null;
  },
  lastRooms: (_tables, key, value) => {
    uuidFromBytes(key);
    decodeLastRoom(value);
    return null;
  },
  userNames: (tables, key) => {
    const userId = uuidFromBytes(key.subarray(uuidBytes));
    const user = tables.get('users', idKey(userId));
    const { displayName } = user === null ? { displayName: '' } : decodeUser(user);
    if (Buffer.compare(userNameKey(displayName, userId), key) === 0) return null;
    return isGone(tables, 'userNames', key) ? null : 'a name does not belong to its user';
  },
  talks: (tables, key, value) => {
    const { talkId, userIds } = decodeTalk(uuidFromBytes(key), value);
    const isTold = (userId: string): boolean =>
      tables.get('userTalks', pairKey(userId, talkId)) !== null;
    if (userIds.every(isTold) || hasChanged(tables, 'talks', key, value)) return null;
    return 'a talk is not known to who takes part';
  },
  userTalks: (tables, key, value) => {
    const type = decodeTalkType(value);
    const { first: userId, second: talkId } = idsOfPair(key);
    const talk = tables.get('talks', idKey(talkId));
    const kept = talk === null ? null : decodeTalk(talkId, talk);
    if (kept?.type === type && kept.userIds.includes(userId)) return null;
    return isGone(tables, 'userTalks', key) ? null : 'a user does not take part in a talk';
  },
  messages: (tables, key, value) => {
    const { first, second } = idsOfPair(key);
    const { clientMessageId, userId } = decodeStoredMessage(first, second, value);
    const entry = tables.get('clientMessages', pairKey(clientMessageId, userId));
    if (entry !== null && Buffer.compare(entry, key) === 0) return null;
    return isGone(tables, 'messages', key) ? null : 'a message is not found by its sender';
  },
  tickets: (_tables, key, value) => {
    uuidFromBytes(key);
    decodeTicket(value);
    return null;
  },
  clientMessages: (tables, key, value) => {
    idsOfPair(key);
    if (tables.get('messages', value) !== null) return null;
    const isKept = !isGone(tables, 'clientMessages', key);
    return isKept ? 'a message that a sender knows is gone' : null;
  },
  readMarks: (_tables, key, value) => {
    idsOfPair(key);
    decodeReadMark(value);
    return null;
  },
  reactions: (_tables, _key, value) => {
    decodeOwnReactions(value);
    return null;
  },
  pins: (_tables, key, value) => {
    uuidFromBytes(key);
    decodePins(value);
    return null;
  },
  searchTerms: (tables, key) => {
    const roomId = uuidFromBytes(key.subarray(0, uuidBytes));
    const messageId = uuidFromBytes(key.subarray(key.length - uuidBytes));
    if (tables.get('messages', pairKey(roomId, messageId)) !== null) return null;
    const isGone = tables.get('searchTerms', key) === null;
    return isGone ? null : 'a word stands in a message that is gone';
  },
  searchState: (_tables, _key, value) => {
    uuidFromBytes(value);
    return null;
  },
};

/** A server that runs may just have removed what is not as it should be. */
function isGone(tables: Tables, table: TableName, key: Uint8Array): boolean {
  return tables.get(table, key) === null;
}

function hasChanged(
  tables: Tables,
  table: TableName,
  key: Uint8Array,
  before: Uint8Array,
): boolean {
  const now = tables.get(table, key);
  return now === null || Buffer.compare(now, before) !== 0;
}

/**
 * Reads every entry of the newest database in a data directory or a backup, and looks whether they
 * belong together. A server may run on it meanwhile. Where LMDB's own structure is damaged this may
 * end the process: run it in one of its own.
 *
 * @throws ServerError `unusableData` where there is none to be read, or it is of a version unknown
 */
export async function checkData(dataDirectory: string): Promise<CheckReport> {
  const version = versionOf(dataDirectory);
  if (version !== schemaVersion) {
    const text = `The data in ${dataDirectory} is of schema version ${version}`;
    const advice = 'Start the server on it once, which migrates it, or use the other release';
    throw new ServerError('unusableData', `${text}, not ${schemaVersion}. ${advice}.`);
  }
  const database = Database.openToRead(databasePath(dataDirectory, version), readingOptions);
  try {
    const problems: string[] = [];
    let problemCount = 0;
    const note = (problem: string): void => {
      problemCount += 1;
      if (problems.length < problemsMax) problems.push(problem);
    };
    if (readVersion(database) !== version) note('the database does not say its schema version');
    const entries: Record<string, number> = {};
    const checks = {
      ...entryChecks,
      ...deskChecks,
      ...uploadChecks(dataDirectory),
    };
    for (const table of tableNames) {
      entries[table] = checkTable(database, table, checks[table], note);
    }
    return { version, entries, problemCount, problems };
  } finally {
    await database.close();
  }
}

/** @returns how many entries it has */
function checkTable(
  database: Database,
  table: TableName,
  check: EntryCheck,
  note: (problem: string) => void,
): number {
  return visitEntries(database, table, (key, value) => {
    const problem = problemOf(check, database, key, value);
    if (problem !== null) note(`${nameOfEntry(table, key)}: ${problem}`);
  });
}

function problemOf(
  check: EntryCheck,
  tables: Tables,
  key: Uint8Array,
  value: Uint8Array,
): string | null {
  try {
    return check(tables, key, value);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
