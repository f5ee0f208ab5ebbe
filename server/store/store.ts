import { defaultRoom, rootRoomId, rootRoomName } from '@rookery/schemas/protocol';
import type { Uuid } from '@rookery/schemas/messages';
import type { Logger } from 'pino';
import type { StoreLimits } from '../limits.js';
import { AuditEntries } from './auditEntries.js';
import { Bans } from './bans.js';
import type { Database } from './database.js';
import { assertDesksReadable } from './deskTables.js';
import { Groups } from './groups.js';
import { AccountPasswords } from './accountPasswords.js';
import { Invites } from './invites.js';
import { JoinRequests } from './joinRequests.js';
import { LastRooms } from './lastRooms.js';
import type { StoredMessage } from './messageRecord.js';
import { Messages } from './messages.js';
import { databasePath, newestVersion, openMigrated, type Schema } from './migrate.js';
import { Pins } from './pins.js';
import { probeDatabase } from './probeDatabase.js';
import { Reactions } from './reactions.js';
import { ReadMarks } from './readMarks.js';
import { Roles } from './roles.js';
import { RoomRulesTable } from './roomRules.js';
import { Rooms } from './rooms.js';
import { Reports } from './reports.js';
import { SearchIndex } from './searchIndex.js';
import { Settings } from './settings.js';
import { TemporaryBansTable } from './temporaryBans.js';
import { Tickets } from './tickets.js';
import { Uploads } from './uploads.js';
import { Talks } from './talks.js';
import { UserModerations } from './userModeration.js';
import { Users } from './users.js';

/**
 * What the server remembers. Reading is synchronous; what is written becomes durable together with
 * all else of that turn of the event loop, and its promise settles then. Main thread.
 */
export interface Store {
  readonly users: Users;
  readonly rooms: Rooms;
  readonly lastRooms: LastRooms;
  readonly talks: Talks;
  readonly messages: Messages;
  readonly reactions: Reactions;
  readonly pins: Pins;
  readonly search: SearchIndex;
  readonly tickets: Tickets;
  readonly readMarks: ReadMarks;
  readonly uploads: Uploads;
  readonly audit: AuditEntries;
  readonly bans: Bans;
  readonly temporaryBans: TemporaryBansTable;
  readonly userModeration: UserModerations;
  readonly reports: Reports;
  readonly settings: Settings;
  readonly roles: Roles;
  readonly groups: Groups;
  readonly roomRules: RoomRulesTable;
  readonly accountPasswords: AccountPasswords;
  readonly invites: Invites;
  readonly joinRequests: JoinRequests;
  /** False from a write that failed until one that did not. */
  readonly isWritable: boolean;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Held by this process alone (dataDirectory.ts). */
  readonly dataDirectory: string;
  readonly limits: StoreLimits;
  readonly log: Logger;
  /** How the server ended that had the directory before; `well` where it is not given. */
  readonly ended?: 'well' | 'badly';
  /** Of a test. */
  readonly schema?: Schema;
}

/**
 * Opens the store of a data directory, migrates it where it is of an earlier schema version, and
 * makes it where there is none.
 *
 * @throws ServerError `newerData`, `unusableData`, `storageFull`, `storageFault`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDirectory, limits, log, schema, ended = 'well' } = options;
  const found = newestVersion(dataDirectory);
  if (found !== null) await probeDatabase(databasePath(dataDirectory, found), ended);
  let isWritable = true;
  const database = await openMigrated(dataDirectory, {
    limits,
    ...(schema === undefined ? {} : { schema }),
    onStep: (text) => log.info(text),
    onFault: (error) => {
      isWritable = false;
      log.error({ err: error }, 'nothing can be stored; voice and reading go on');
    },
    onRecovered: () => {
      isWritable = true;
      log.warn('the server can store again');
    },
  });
  await assertReadable(database);
  const rooms = new Rooms(database);
  const search = new SearchIndex(database, limits);
  const uploads = new Uploads(database);
  const messages = new Messages(database, limits, search, uploads);
  await makeRootRoom(rooms);
  const talks = new Talks(database);
  const users = new Users(database);
  forgetPlacesThatAreGone(rooms, talks, messages);
  users.indexNames();
  enterWhatIsMissing(search, messages, options);
  const tickets = new Tickets(database);
  tickets.removeExpired(Date.now());
  return {
    users,
    rooms,
    lastRooms: new LastRooms(database),
    talks,
    messages,
    uploads,
    roles: new Roles(database),
    groups: new Groups(database),
    roomRules: new RoomRulesTable(database),
    accountPasswords: new AccountPasswords(database),
    invites: new Invites(database),
    joinRequests: new JoinRequests(database),
    reactions: new Reactions(database),
    pins: new Pins(database),
    search,
    tickets,
    readMarks: new ReadMarks(database),
    audit: new AuditEntries(database),
    bans: new Bans(database),
    temporaryBans: new TemporaryBansTable(database),
    userModeration: new UserModerations(database),
    reports: new Reports(database),
    settings: new Settings(database),
    get isWritable() {
      return isWritable;
    },
    close: async () => {
      await search.flush();
      await database.close();
    },
  };
}

/** Who opens it anew, after some repair, must not find it still open. */
async function assertReadable(database: Database): Promise<void> {
  try {
    assertDesksReadable(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function makeRootRoom(rooms: Rooms): Promise<void> {
  if (rooms.find(rootRoomId) !== null) return;
  const root = { roomId: rootRoomId, parentId: null, name: rootRoomName, ...defaultRoom };
  await rooms.put(root, Date.now());
}

/** The server may have ended before it had removed all messages of a room or talk. */
function forgetPlacesThatAreGone(rooms: Rooms, talks: Talks, messages: Messages): void {
  for (const id of messages.roomIds()) {
    if (rooms.find(id) === null && talks.find(id) === null) messages.forgetRoom(id);
  }
}

/** Beside all else: what is searched for meanwhile may not be found. */
function enterWhatIsMissing(
  search: SearchIndex,
  messages: Messages,
  { limits, log }: StoreOptions,
): void {
  const after = (roomId: Uuid, messageId: Uuid | null): readonly StoredMessage[] =>
    messages.after(roomId, messageId, limits.indexedAtOnceMax);
  search.catchUp(messages.roomIds(), after).catch((error: unknown) => {
    log.warn({ err: error }, 'some messages cannot be searched for until the next start');
  });
}
