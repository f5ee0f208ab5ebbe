import type { Logger } from 'pino';
import type { StoreLimits } from '../limits.js';
import { LastRooms } from './lastRooms.js';
import { Messages } from './messages.js';
import { openMigrated, type Schema } from './migrate.js';
import { Rooms } from './rooms.js';
import { Users } from './users.js';

/**
 * What the server remembers. Reading is synchronous; what is written becomes durable together with
 * all else of that turn of the event loop, and its promise settles then. Main thread.
 */
export interface Store {
  readonly users: Users;
  readonly rooms: Rooms;
  readonly lastRooms: LastRooms;
  readonly messages: Messages;
  /** Writes what waits, then closes. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Held by this process alone (dataDirectory.ts). */
  readonly dataDirectory: string;
  readonly limits: StoreLimits;
  readonly log: Logger;
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
  const { dataDirectory, limits, log, schema } = options;
  const database = await openMigrated(dataDirectory, {
    limits,
    ...(schema === undefined ? {} : { schema }),
    onStep: (text) => log.info(text),
    onFault: (error) => {
      log.error({ err: error }, 'nothing can be stored; voice and reading go on');
    },
    onRecovered: () => log.warn('the server can store again'),
  });
  return {
    users: new Users(database),
    rooms: new Rooms(database),
    lastRooms: new LastRooms(database),
    messages: new Messages(database, limits),
    close: () => database.close(),
  };
}
