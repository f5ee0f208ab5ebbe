import { open } from 'node:fs/promises';
import { ClientError } from '../engine/clientError.js';
import { identityBlockMax } from '../engine/identityBlock.js';
import { isSealed, IdentityStore, type IdentityEntry } from '../engine/identityStore.js';
import { readSmallFileIfPresent, readSmallText } from '../engine/profileFile.js';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import type { Output } from './output.js';
import { askNewPassphrase, askPassphrase, terminal } from './passphrasePrompt.js';

/** What every command of identities takes. */
export interface IdentityOptions {
  readonly profile: string;
}

/** Whether the file is to take a passphrase. */
type Protection = 'plain' | 'sealed';

/** `identity list`. */
export async function listIdentities(options: IdentityOptions, output: Output): Promise<void> {
  const entries = await new IdentityStore(options.profile).list();
  if (entries.length === 0) {
    const words = 'there is no identity yet: the first is made when you first connect';
    output.progress({ event: 'noIdentities' }, words);
  }
  for (const entry of entries) {
    const { facts, ...place } = entry;
    const shown = { event: 'identity', ...place, isReadable: facts !== null, ...facts };
    output.result(shown, lineOf(entry));
  }
}

/** `identity new NAME`. */
export async function newIdentity(
  { profile }: IdentityOptions,
  name: string,
  protection: Protection,
  output: Output,
): Promise<void> {
  const newPassphrase = () => askNewPassphrase(terminal, name, 'hasNone');
  const store = new IdentityStore(profile);
  const { publicKey } = await store.create(name, protection === 'plain' ? null : newPassphrase);
  output.result({ event: 'identityMade', name, publicKey }, `made ${name}: ${publicKey}`);
}

/** `identity rename NAME NEW`. */
export async function renameIdentity(
  { profile }: IdentityOptions,
  name: string,
  newName: string,
  output: Output,
): Promise<void> {
  await new IdentityStore(profile).rename(name, newName);
  output.result({ event: 'identityRenamed', name, newName }, `renamed ${name} to ${newName}`);
}

/** `identity default [NAME] [--server HOST]`; one of both is there. */
export async function chooseIdentity(
  { profile }: IdentityOptions,
  name: string | null,
  server: ServerAddress | null,
  output: Output,
): Promise<void> {
  const store = new IdentityStore(profile);
  if (server === null) await store.chooseDefault(name!);
  else await store.chooseForServer(server, name);
  const where = server === null ? null : formatServerAddress(server);
  output.result(
    { event: 'identityChosen', name, server: where },
    `${where ?? 'every other server'} sees ${name ?? 'the default identity'}`,
  );
}

/** `identity export NAME [--out FILE]`; the file must not be there yet. */
export async function exportIdentity(
  { profile }: IdentityOptions,
  name: string,
  out: string | null,
  output: Output,
): Promise<void> {
  const store = new IdentityStore(profile);
  const text = await store.exportText(name, () => askNewPassphrase(terminal, name, 'hasNone'));
  if (out === null) {
    output.table({ event: 'identityExported', name, text }, text.trimEnd().split('\n'));
    return;
  }
  await writeNewFile(out, text);
  output.result({ event: 'identityExported', name, out }, `wrote ${name} to ${out}`);
}

/** `identity import NAME FILE`. */
export async function importIdentity(
  { profile }: IdentityOptions,
  name: string,
  file: string,
  output: Output,
): Promise<void> {
  const text = await readImport(file);
  const store = new IdentityStore(profile);
  const record = await store.importText(name, text, () => askPassphrase(terminal, name));
  const { publicKey } = record;
  const plainHint = isSealed(record)
    ? ''
    : `; it has no passphrase, see \`rookery identity passphrase ${name}\``;
  output.result(
    { event: 'identityImported', name, publicKey },
    `took in ${name}: ${publicKey}${plainHint}`,
  );
}

/** `identity passphrase NAME [--none]`. */
export async function changePassphrase(
  { profile }: IdentityOptions,
  name: string,
  protection: Protection,
  output: Output,
): Promise<void> {
  const store = new IdentityStore(profile);
  const { record } = await store.find(name, null);
  const before = isSealed(record) ? 'hasOne' : 'hasNone';
  await store.changePassphrase(
    name,
    () => askPassphrase(terminal, name),
    protection === 'plain' ? null : () => askNewPassphrase(terminal, name, before),
  );
  output.result(
    { event: 'passphraseChanged', name, hasPassphrase: protection === 'sealed' },
    protection === 'plain' ? `${name} has no passphrase now` : `${name} has a new passphrase`,
  );
}

/** `identity remove NAME --yes`. */
export async function removeIdentity(
  { profile }: IdentityOptions,
  name: string,
  output: Output,
): Promise<void> {
  await new IdentityStore(profile).remove(name);
  output.result({ event: 'identityRemoved', name }, `removed ${name}`);
}

function lineOf({ name, facts, isDefault, servers }: IdentityEntry): string {
  const notes = [
    ...(isDefault ? ['default'] : []),
    ...(facts?.hasPassphrase === true ? ['passphrase'] : []),
    ...servers.map((server) => `for ${server}`),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `${name}  ${facts?.publicKey ?? 'its file cannot be used'}${note}`;
}

async function readImport(path: string): Promise<string> {
  try {
    if (path === '-') return await readSmallText(process.stdin, identityBlockMax);
    const text = await readSmallFileIfPresent(path, identityBlockMax);
    if (text === null) throw new Error('there is no such file');
    return text;
  } catch (error) {
    const reason = (error as Error).message;
    const text = `cannot read ${path}: ${reason}. Give the file that was exported`;
    throw new ClientError('fileUnreadable', text, { cause: error });
  }
}

/** Never over another file: it may be the only copy of an identity. */
async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = (error as Error).message;
    const words = `cannot write ${path}: ${reason}. Give --out another file`;
    throw new ClientError('outputUnwritable', words, { cause: error });
  }
}
