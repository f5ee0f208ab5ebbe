import { join } from 'node:path';
import { z } from 'zod';
import { ClientError } from './clientError.js';
import { readSmallFileIfPresent, writeFileAtomically } from './profileFile.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';

const fileName = 'identities.json';
const bytesMax = 1_048_576;

/** The identity of a profile that has only one; its file is older than names are. */
export const firstIdentityName = 'main';

// Lower case alone: two names must be two files on every system.
const nameForm = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const name = z.string().regex(nameForm);
const choiceFile = z.strictObject({
  version: z.literal(1),
  default: name,
  /** Keyed by formatServerAddress(). */
  servers: z.record(z.string(), name),
});

/** Which identity is used where. */
export interface IdentityChoice {
  readonly default: string;
  /** Of servers that have their own: names by formatServerAddress(). */
  readonly servers: Readonly<Record<string, string>>;
}

/** @throws ClientError `invalidInput`. */
export function parseIdentityName(text: string): string {
  if (nameForm.test(text)) return text;
  const rule = 'up to 32 of a to z, 0 to 9, - and _, the first a letter or digit';
  throw new ClientError('invalidInput', `invalid name of an identity "${text}": it has ${rule}`);
}

/** The identity that goes to a server, or the default one. */
export function chosenIdentity(choice: IdentityChoice, address: ServerAddress | null): string {
  const ofServer = address === null ? undefined : choice.servers[formatServerAddress(address)];
  return ofServer ?? choice.default;
}

/**
 * @throws ClientError `identityUnreadable`: to guess would show a server somebody else than the
 *   user has chosen to be there.
 */
export async function readIdentityChoice(profileFolder: string): Promise<IdentityChoice> {
  const path = join(profileFolder, fileName);
  try {
    const text = await readSmallFileIfPresent(path, bytesMax);
    if (text === null) return { default: firstIdentityName, servers: {} };
    const { default: chosen, servers } = choiceFile.parse(JSON.parse(text));
    return { default: chosen, servers };
  } catch (error) {
    throw new ClientError(
      'identityUnreadable',
      `cannot use ${path}, which says which identity goes to which server: repair it, or delete ` +
        'it and choose again with `rookery identity default`',
      { cause: error },
    );
  }
}

/** To be called under the lock of the identities. */
export async function writeIdentityChoice(
  profileFolder: string,
  choice: IdentityChoice,
): Promise<void> {
  const text = JSON.stringify({ version: 1, ...choice }, null, 2);
  await writeFileAtomically(join(profileFolder, fileName), `${text}\n`);
}
