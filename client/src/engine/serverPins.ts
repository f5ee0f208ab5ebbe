import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClientError } from './clientError.js';
import { withFileLock } from './fileLock.js';
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

/** What others than the profile say of a fingerprint, as parseFingerprint() writes it. */
export interface PinAdvice {
  /** The user vouches for it: the server must show exactly this, and it replaces the one known. */
  readonly acceptedFingerprint?: string;
  /** A link says so: the server must show it, too, but it never stands in for the one known. */
  readonly expectedFingerprint?: string;
}

/** Known with this very fingerprint, or remembered with it now. */
export type PinVerdict = 'known' | 'remembered';

/**
 * Trust on first use: a server that this profile meets for the first time is remembered with the
 * fingerprint of its certificate, and later has to show the same. Processes that share a profile
 * may call this at the same time.
 *
 * @param presented what the server showed, as parseFingerprint() writes it.
 * @throws ClientError `fingerprintChanged`, `knownServersUnreadable` (the file is left as it is).
 */
export async function checkServerPin(
  profileFolder: string,
  address: ServerAddress,
  presented: string,
  advice: PinAdvice,
): Promise<PinVerdict> {
  const path = join(profileFolder, fileName);
  const key = formatServerAddress(address);
  // Most often there is nothing to write, and so nothing to lock.
  if (isKnown(await readPins(path), key, presented, advice)) return 'known';
  await mkdir(profileFolder, { recursive: true, mode: 0o700 });
  return withFileLock(`${path}.lock`, async () => {
    const pins = await readPins(path);
    if (isKnown(pins, key, presented, advice)) return 'known';
    pins.servers[key] = { fingerprint: presented, firstSeen: new Date().toISOString() };
    await writeFileAtomically(path, `${JSON.stringify(pins, null, 2)}\n`);
    return 'remembered';
  });
}

/** @throws ClientError `fingerprintChanged`. */
function isKnown(
  pins: Pins,
  key: string,
  presented: string,
  { acceptedFingerprint: accepted, expectedFingerprint: expected }: PinAdvice,
): boolean {
  const known = pins.servers[key]?.fingerprint;
  const wanted = accepted === undefined ? [known, expected] : [accepted];
  const missed = wanted.find((each) => each !== undefined && each !== presented);
  if (missed !== undefined) throw changed(key, missed, presented);
  return known === presented;
}

function changed(key: string, expected: string, presented: string): ClientError {
  return new ClientError(
    'fingerprintChanged',
    `the server at ${key} shows another certificate than it should: expected ${expected}, ` +
      `got ${presented}. Somebody may be listening in: ask its operator for the fingerprint, ` +
      'and accept the new one only if it is the same',
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
