import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClientError } from './clientError.js';
import { withFileLock } from './fileLock.js';
import { isShown, type ShownFingerprints } from './fingerprint.js';
import { readFileIfPresent, writeFileAtomically } from './profileFile.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';

const fileName = 'known_servers.json';

const fingerprintText = z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);
const pinsFile = z.strictObject({
  version: z.literal(1),
  /** Keyed by formatServerAddress(). */
  servers: z.record(
    z.string(),
    z.strictObject({ fingerprint: fingerprintText, firstSeen: z.string() }),
  ),
});
type Pins = z.infer<typeof pinsFile>;

const noPins: Pins = { version: 1, servers: {} };

/** What others than the profile say of a fingerprint, as parseFingerprint() writes it. */
export interface PinAdvice {
  /** The user vouches for it: the server must show exactly this, and it replaces the one known. */
  readonly acceptedFingerprint?: string;
  /** A link says so: the server must show it, too, but it never stands in for the one known. */
  readonly expectedFingerprint?: string;
  /** What becomes of a server that is not known and that neither of both vouches for. */
  readonly unknown?: 'remember' | 'refuse';
}

/** Whether a server is the one that it should be. It throws as checkServerPin(). */
export type ServerCheck = (shown: ShownFingerprints) => Promise<PinVerdict>;

/** Known with this very fingerprint, or remembered with it now. */
export type PinVerdict = 'known' | 'remembered';

/**
 * Trust on first use: a server that this profile meets for the first time is remembered with the
 * fingerprint of its key, and later has to show that key again, in whatever certificate. A
 * fingerprint of the certificate is as good as long as that is the same, and gives way to the one
 * of the key. Processes that share a profile may call this at the same time.
 *
 * @throws ClientError `fingerprintChanged`, `serverUnknown` where it is to be refused,
 *   `knownServersUnreadable` (the file is left as it is).
 */
export async function checkServerPin(
  profileFolder: string,
  address: ServerAddress,
  shown: ShownFingerprints,
  advice: PinAdvice,
): Promise<PinVerdict> {
  const path = join(profileFolder, fileName);
  const key = formatServerAddress(address);
  // Most often there is nothing to write, and so nothing to lock.
  if (knownFingerprint(await readPins(path), key, shown, advice) === shown.key) return 'known';
  await mkdir(profileFolder, { recursive: true, mode: 0o700 });
  return withFileLock(`${path}.lock`, async () => {
    const pins = await readPins(path);
    const known = knownFingerprint(pins, key, shown, advice);
    if (known === shown.key) return 'known';
    const firstSeen = pins.servers[key]?.firstSeen;
    const isMet = known === shown.certificate && firstSeen !== undefined;
    const since = isMet ? firstSeen : new Date().toISOString();
    pins.servers[key] = { fingerprint: shown.key, firstSeen: since };
    await writeFileAtomically(path, `${JSON.stringify(pins, null, 2)}\n`);
    return isMet ? 'known' : 'remembered';
  });
}

/** A server as the profile remembers it. */
export interface KnownServer {
  /** As formatServerAddress() writes it. */
  readonly address: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly firstSeen: string;
}

/** By address. @throws ClientError `knownServersUnreadable` */
export async function listKnownServers(profileFolder: string): Promise<KnownServer[]> {
  const { servers } = await readPins(join(profileFolder, fileName));
  return Object.entries(servers)
    .map(([address, pin]) => ({ address, ...pin }))
    .sort((first, second) => first.address.localeCompare(second.address));
}

/**
 * Meets servers anew from now on.
 *
 * @param address as formatServerAddress() writes it; null for all, also of a file that is damaged
 * @throws ClientError `knownServersUnreadable`
 */
export async function forgetKnownServers(
  profileFolder: string,
  address: string | null,
): Promise<void> {
  const path = join(profileFolder, fileName);
  if ((await readFileIfPresent(path)) === null) return;
  await withFileLock(`${path}.lock`, async () => {
    const { version, servers } = address === null ? noPins : await readPins(path);
    const others = Object.entries(servers).filter(([known]) => known !== address);
    const kept = { version, servers: Object.fromEntries(others) };
    await writeFileAtomically(path, `${JSON.stringify(kept, null, 2)}\n`);
  });
}

/** Whether this very server is known; nothing is remembered. @throws as listKnownServers() */
export async function glanceAtServerPin(
  profileFolder: string,
  address: ServerAddress,
  shown: ShownFingerprints,
): Promise<'known' | 'unknown' | 'changed'> {
  const { servers } = await readPins(join(profileFolder, fileName));
  const known = servers[formatServerAddress(address)]?.fingerprint;
  if (known === undefined) return 'unknown';
  return isShown(known, shown) ? 'known' : 'changed';
}

/**
 * The fingerprint that is remembered, where the server may be talked to.
 *
 * @throws ClientError `fingerprintChanged`, `serverUnknown`
 */
function knownFingerprint(
  pins: Pins,
  key: string,
  shown: ShownFingerprints,
  { acceptedFingerprint: accepted, expectedFingerprint: expected, unknown }: PinAdvice,
): string | undefined {
  const known = pins.servers[key]?.fingerprint;
  const wanted = accepted === undefined ? [known, expected] : [accepted];
  const missed = wanted.find((each) => each !== undefined && !isShown(each, shown));
  if (missed !== undefined) throw changed(key, missed, shown.key);
  const isVouchedFor = accepted !== undefined || expected !== undefined;
  if (known === undefined && !isVouchedFor && unknown === 'refuse') throw strange(key, shown.key);
  return known;
}

function changed(key: string, expected: string, presented: string): ClientError {
  return new ClientError(
    'fingerprintChanged',
    `the server at ${key} shows another key than it should: expected ${expected}, ` +
      `got ${presented}. Somebody may be listening in: ask its operator for the fingerprint, ` +
      'and accept the new one only if it is the same',
    { facts: { expectedFingerprint: expected, shownFingerprint: presented } },
  );
}

function strange(key: string, presented: string): ClientError {
  return new ClientError(
    'serverUnknown',
    `the server at ${key} was never met before, and nobody vouched for it: ask its operator ` +
      'whether its fingerprint is this one, and trust it then',
    { facts: { shownFingerprint: presented } },
  );
}

async function readPins(path: string): Promise<Pins> {
  try {
    const text = await readFileIfPresent(path);
    return text === null ? { version: 1, servers: {} } : pinsFile.parse(JSON.parse(text));
  } catch (error) {
    throw new ClientError(
      'knownServersUnreadable',
      `cannot use the list of known servers ${path}: repair it, or delete it to meet every ` +
        'server as if for the first time',
      { cause: error },
    );
  }
}
