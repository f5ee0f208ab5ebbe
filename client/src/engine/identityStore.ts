import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError } from './clientError.js';
import { withFileLock } from './fileLock.js';
import { parseIdentityBlock, writeIdentityBlock } from './identityBlock.js';
import {
  chosenIdentity,
  firstIdentityName,
  parseIdentityName,
  readIdentityChoice,
  writeIdentityChoice,
  type IdentityChoice,
} from './identityChoice.js';
import {
  identityOf,
  identityTextMax,
  newIdentityRecord,
  openRecord,
  parseIdentityRecord,
  sealRecord,
  writeIdentityRecord,
  type IdentityRecord,
  type SealedRecord,
} from './identityFile.js';
import { readSmallFileIfPresent, writeFileAtomically } from './profileFile.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';

const firstFile = 'identity.json';
const otherFile = /^identity-(?<name>[a-z0-9][a-z0-9_-]{0,31})\.json$/;

/** Gives a passphrase when it turns out that one is needed. */
export type PassphraseSource = () => Promise<string>;

/** What may be shown of an identity. */
export interface IdentityFacts {
  /** In base64url. */
  readonly publicKey: string;
  readonly createdAt: string;
  readonly hasPassphrase: boolean;
}

/** One identity of a profile, as a list shows it. */
export interface IdentityEntry {
  readonly name: string;
  /** null where its file cannot be used. */
  readonly facts: IdentityFacts | null;
  readonly isDefault: boolean;
  /** Those that it was chosen for, as formatServerAddress() writes them. */
  readonly servers: readonly string[];
}

/**
 * The identities of a profile folder: a file each, which only its owner may read, and one that says
 * which goes where. Processes that share the profile may use it at the same time. Nothing is
 * deleted but by remove().
 *
 * All throw ClientError: `noSuchIdentity`, `invalidInput` for a name that cannot be or is taken,
 * `wrongPassphrase`, `profileBusy`, and `identityUnreadable` for a file that is broken or cannot be
 * read or written.
 */
export class IdentityStore {
  constructor(private readonly profileFolder: string) {}

  /** By name. */
  async list(): Promise<IdentityEntry[]> {
    const choice = await readIdentityChoice(this.profileFolder);
    const entries = (await this.names()).map(async (name) => {
      const facts = await this.read(name).then(factsOf, () => null);
      const used = Object.entries(choice.servers).filter(([, chosen]) => chosen === name);
      const isDefault = name === choice.default;
      return { name, facts, isDefault, servers: used.map(([server]) => server) };
    });
    return Promise.all(entries);
  }

  /**
   * The identity for a server, or of a name. A profile without any gets its first.
   *
   * @param name null for the one chosen for the server, else the default one.
   */
  async find(
    name: string | null,
    address: ServerAddress | null,
  ): Promise<{ readonly name: string; readonly record: IdentityRecord }> {
    const choice = await readIdentityChoice(this.profileFolder);
    const chosen = name ?? chosenIdentity(choice, address);
    const isFirst = chosen === firstIdentityName;
    if (isFirst && (await this.names()).length === 0) await this.makeFirst();
    return { name: chosen, record: await this.read(chosen) };
  }

  /** Makes a new one. The first of a profile becomes its default. */
  async create(name: string, newPassphrase: PassphraseSource | null): Promise<IdentityRecord> {
    await this.requireFree(name);
    const plain = newIdentityRecord();
    const record = newPassphrase === null ? plain : await sealRecord(plain, await newPassphrase());
    await this.add(name, record);
    return record;
  }

  /** Renames it, also where it was chosen. */
  async rename(from: string, to: string): Promise<void> {
    await this.locked(async () => {
      const text = await this.readText(from);
      await this.requireFree(to);
      // A copy first: whatever happens in between, the key is there.
      await writeFileAtomically(this.pathOf(to), text);
      const choice = await readIdentityChoice(this.profileFolder);
      const servers = Object.entries(choice.servers).map(([server, name]) => [
        server,
        name === from ? to : name,
      ]);
      await writeIdentityChoice(this.profileFolder, {
        default: choice.default === from ? to : choice.default,
        servers: Object.fromEntries(servers) as IdentityChoice['servers'],
      });
      await rm(this.pathOf(from));
    });
  }

  /** Which one is used where nothing else is said. */
  async chooseDefault(name: string): Promise<void> {
    await this.change(name, (choice) => ({ ...choice, default: name }));
  }

  /** Which one is used with a server; null for the default one. */
  async chooseForServer(address: ServerAddress, name: string | null): Promise<void> {
    const key = formatServerAddress(address);
    await this.change(name, (choice) => {
      const others = Object.entries(choice.servers).filter(([server]) => server !== key);
      const own = name === null ? [] : [[key, name] as const];
      return { ...choice, servers: Object.fromEntries([...others, ...own]) };
    });
  }

  /**
   * The text that takes an identity to another machine: always sealed, with the passphrase that it
   * has, or with a new one where it has none.
   */
  async exportText(name: string, newPassphrase: PassphraseSource): Promise<string> {
    const record = await this.read(name);
    const sealed = isSealed(record) ? record : await sealRecord(record, await newPassphrase());
    return writeIdentityBlock(sealed);
  }

  /**
   * Takes in what exportText() wrote, or an identity file. It is opened to see whether it is whole,
   * and kept with the passphrase that it has.
   */
  async importText(
    name: string,
    text: string,
    passphrase: PassphraseSource,
  ): Promise<IdentityRecord> {
    await this.requireFree(name);
    const record = readingBlock(() => parseIdentityBlock(text));
    const plain = isSealed(record) ? await openRecord(record, await passphrase()) : record;
    readingBlock(() => identityOf(plain));
    for (const { name: present, facts } of await this.list()) {
      if (facts?.publicKey !== record.publicKey) continue;
      throw new ClientError('invalidInput', `this identity is already there, as "${present}"`);
    }
    await this.add(name, record);
    return record;
  }

  /**
   * Sets, changes or takes away the passphrase.
   *
   * @param passphrase the present one, asked for where there is one
   * @param newPassphrase null for none
   */
  async changePassphrase(
    name: string,
    passphrase: PassphraseSource,
    newPassphrase: PassphraseSource | null,
  ): Promise<void> {
    const before = await this.read(name);
    const plain = isSealed(before) ? await openRecord(before, await passphrase()) : before;
    const after = newPassphrase === null ? plain : await sealRecord(plain, await newPassphrase());
    await this.locked(async () => {
      // Somebody may have renamed or changed it while the passphrase was typed.
      if (writeIdentityRecord(await this.read(name)) !== writeIdentityRecord(before)) {
        throw new ClientError('profileBusy', `identity "${name}" was changed meanwhile: try again`);
      }
      await writeFileAtomically(this.pathOf(name), writeIdentityRecord(after));
    });
  }

  /** Deletes it for good. The default one goes last. */
  async remove(name: string): Promise<void> {
    await this.locked(async () => {
      await this.requirePresent(name);
      const choice = await readIdentityChoice(this.profileFolder);
      const others = (await this.names()).filter((other) => other !== name);
      if (choice.default === name && others.length > 0) {
        throw new ClientError(
          'invalidInput',
          `"${name}" is the default identity: choose another as default first`,
        );
      }
      const servers = Object.entries(choice.servers).filter(([, chosen]) => chosen !== name);
      await writeIdentityChoice(this.profileFolder, {
        default: others.length === 0 ? firstIdentityName : choice.default,
        servers: Object.fromEntries(servers),
      });
      await rm(this.pathOf(name));
    });
  }

  /** @throws ClientError `noSuchIdentity`, `identityUnreadable`. */
  private async read(name: string): Promise<IdentityRecord> {
    const text = await this.readText(name);
    return usingFile(this.pathOf(name), () => Promise.resolve(parseIdentityRecord(text)));
  }

  private async readText(name: string): Promise<string> {
    const path = this.pathOf(name);
    const text = await usingFile(path, () => readSmallFileIfPresent(path, identityTextMax));
    return text ?? (await this.failMissing(name));
  }

  private async requirePresent(name: string): Promise<void> {
    if (!(await this.names()).includes(name)) await this.failMissing(name);
  }

  private async requireFree(name: string): Promise<void> {
    parseIdentityName(name);
    if (!(await this.names()).includes(name)) return;
    throw new ClientError('invalidInput', `there is an identity "${name}" already: take another`);
  }

  private async failMissing(name: string): Promise<never> {
    const names = await this.names();
    const present = names.length === 0 ? 'there is none yet' : `there is ${names.join(', ')}`;
    throw new ClientError('noSuchIdentity', `there is no identity "${name}"; ${present}`);
  }

  private async names(): Promise<string[]> {
    const files = await usingFile(this.profileFolder, () => readFolder(this.profileFolder));
    const names = files.map((file) =>
      file === firstFile ? firstIdentityName : otherFile.exec(file)?.groups?.['name'],
    );
    return [...new Set(names.filter((name) => name !== undefined))].sort();
  }

  /** The file of an identity, whether it is there or not. */
  pathOf(name: string): string {
    const file =
      name === firstIdentityName ? firstFile : `identity-${parseIdentityName(name)}.json`;
    return join(this.profileFolder, file);
  }

  /** Processes that start together make one. */
  private async makeFirst(): Promise<void> {
    await this.locked(async () => {
      if ((await this.names()).length > 0) return;
      const text = writeIdentityRecord(newIdentityRecord());
      await writeFileAtomically(this.pathOf(firstIdentityName), text);
    });
  }

  private async add(name: string, record: IdentityRecord): Promise<void> {
    await this.locked(async () => {
      await this.requireFree(name);
      const isOnly = (await this.names()).length === 0;
      await writeFileAtomically(this.pathOf(name), writeIdentityRecord(record));
      if (!isOnly) return;
      const choice = await readIdentityChoice(this.profileFolder);
      await writeIdentityChoice(this.profileFolder, { ...choice, default: name });
    });
  }

  private async change(
    name: string | null,
    next: (choice: IdentityChoice) => IdentityChoice,
  ): Promise<void> {
    await this.locked(async () => {
      if (name !== null) await this.requirePresent(name);
      const choice = await readIdentityChoice(this.profileFolder);
      await writeIdentityChoice(this.profileFolder, next(choice));
    });
  }

  private async locked(work: () => Promise<void>): Promise<void> {
    const path = join(this.profileFolder, firstFile);
    await usingFile(path, async () => {
      await mkdir(this.profileFolder, { recursive: true, mode: 0o700 });
      await withFileLock(`${path}.lock`, work);
    });
  }
}

function factsOf(record: IdentityRecord): IdentityFacts {
  const { publicKey, createdAt } = record;
  return { publicKey, createdAt, hasPassphrase: isSealed(record) };
}

/** Whether it takes a passphrase. */
export function isSealed(record: IdentityRecord): record is SealedRecord {
  return record.version === 2;
}

/** What is wrong with a file of the profile, in words that say what to do. */
export async function usingFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClientError) throw error;
    throw new ClientError(
      'identityUnreadable',
      `cannot use the identity ${path}: ${(error as Error).message}. Restore it from a backup, ` +
        'or move it away to start with a new identity (servers will then see you as a new user)',
      { cause: error },
    );
  }
}

function readingBlock<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ClientError(
      'identityUnreadable',
      `this is no identity to import: ${(error as Error).message}. Export it once more`,
      { cause: error },
    );
  }
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
