import { databasePath, newestVersion } from '../store/migrate.js';
import { messageOfProcess } from '../store/processMessage.js';
import { schemaVersion } from '../store/tables.js';
import type { LookMessage } from './databaseLookProcess.js';
import type { DoctorFinding } from './findings.js';

/** What a look into a data directory tells of its database. */
export type DatabaseLook =
  | { readonly kind: 'none' }
  /** No release as old as this one opens it. */
  | { readonly kind: 'newer'; readonly version: number }
  /** The reason says what to do, too. */
  | { readonly kind: 'broken'; readonly reason: string }
  | {
      readonly kind: 'opened';
      readonly version: number;
      /** When the newest message was written, in milliseconds since 1970; null without any. */
      readonly newestMessageMs: number | null;
    };

/** Opens the newest database to be read, in a process of its own and beside a server that runs. */
export async function lookAtDatabase(dataDirectory: string): Promise<DatabaseLook> {
  let version: number | null;
  try {
    version = newestVersion(dataDirectory);
  } catch (error) {
    const why = (error as Error).message;
    const reason = `${dataDirectory} cannot be read (${why}). Run this as the server's user.`;
    return { kind: 'broken', reason };
  }
  if (version === null) return { kind: 'none' };
  if (version > schemaVersion) return { kind: 'newer', version };
  const path = databasePath(dataDirectory, version);
  const entry = new URL('./databaseLookProcess.js', import.meta.url);
  const came = await messageOfProcess<LookMessage>(entry, path);
  if (came.kind === 'ended') {
    const reason = `Reading ${path} ended with ${came.how}. Restore a backup.`;
    return { kind: 'broken', reason };
  }
  const { message } = came;
  if (message.kind === 'broken') return message;
  if (message.version === version) return { ...message, version };
  const said = message.version ?? 'unknown';
  const reason = `${path} says that it is of schema version ${said}. Restore a backup.`;
  return { kind: 'broken', reason };
}

/** Says whether a server of this release can use it. */
export function databaseFinding(look: DatabaseLook): DoctorFinding {
  const subject = 'database';
  switch (look.kind) {
    case 'none':
      return { subject, verdict: 'good', text: 'none yet.' };
    case 'broken':
      return { subject, verdict: 'bad', text: look.reason };
    case 'newer': {
      const text =
        `it is of schema version ${look.version}, and this release knows ${schemaVersion} at ` +
        'most. Run the release that wrote it.';
      return { subject, verdict: 'bad', text };
    }
    case 'opened': {
      const isOld = look.version < schemaVersion;
      const next = isOld ? ' The next start copies and migrates it.' : '';
      const text = `opens, schema version ${look.version}.${next} "rookery check" reads all of it.`;
      return { subject, verdict: 'good', text };
    }
  }
}
