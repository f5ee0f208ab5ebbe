import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import { withFileLock } from '../../engine/fileLock.js';
import { readFileIfPresent, writeFileAtomically } from '../../engine/profileFile.js';

const fileName = 'admin_sessions.json';

const session = z.strictObject({
  name: z.string(),
  /** Good once. */
  refreshToken: z.string(),
  /** Of the key that the server has to show; null without TLS. */
  fingerprint: z.string().nullable(),
});
const sessionsFile = z.strictObject({
  version: z.literal(1),
  /** Where the user logged in last; null for nowhere. */
  lastOrigin: z.string().nullable(),
  /** By the origin of the admin interface. */
  sessions: z.record(z.string(), session),
});

/** Somebody who logged in to run a server, as the profile remembers it. */
export type AdminSession = Readonly<z.infer<typeof session>>;

/** All who logged in from this profile. */
export interface AdminSessions {
  readonly lastOrigin: string | null;
  readonly sessions: Readonly<Record<string, AdminSession>>;
}

/** @throws ClientError `fileUnreadable` */
export async function readAdminSessions(profileFolder: string): Promise<AdminSessions> {
  const path = join(profileFolder, fileName);
  try {
    const text = await readFileIfPresent(path);
    if (text === null) return { lastOrigin: null, sessions: {} };
    const { lastOrigin, sessions } = sessionsFile.parse(JSON.parse(text));
    return { lastOrigin, sessions };
  } catch (cause) {
    throw new ClientError(
      'fileUnreadable',
      `cannot use ${path}: delete it, and log in again (rookery admin login)`,
      { cause },
    );
  }
}

/**
 * Changes them while no other process of the profile does: a token that is good once is used by
 * one alone. The file is readable by its owner only.
 *
 * @param work gets what is there, and may write what is to be there, which is on disk after it
 * @throws ClientError `fileUnreadable`, `profileBusy`
 */
export async function changeAdminSessions<Result>(
  profileFolder: string,
  work: (before: AdminSessions, write: (after: AdminSessions) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const path = join(profileFolder, fileName);
  await mkdir(profileFolder, { recursive: true, mode: 0o700 });
  return withFileLock(`${path}.lock`, async () =>
    work(await readAdminSessions(profileFolder), async (after) => {
      await writeFileAtomically(path, `${JSON.stringify({ version: 1, ...after }, null, 2)}\n`);
    }),
  );
}

/** Pure. @param kept null where there is to be none any more */
export function withSession(
  { lastOrigin, sessions }: AdminSessions,
  origin: string,
  kept: AdminSession | null,
): AdminSessions {
  const others = Object.entries(sessions).filter(([known]) => known !== origin);
  if (kept !== null)
    return { lastOrigin, sessions: Object.fromEntries([...others, [origin, kept]]) };
  return {
    lastOrigin: lastOrigin === origin ? null : lastOrigin,
    sessions: Object.fromEntries(others),
  };
}
