import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { withFileLock } from './fileLock.js';
import { readFileIfPresent, writeFileAtomically } from './profileFile.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';

/** Somebody on a server: what is kept of one identity is nothing of another. */
export interface ServerUser extends ServerAddress {
  /** Of the identity: Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/**
 * One record for each server and identity, in a file of the profile that only its owner can read.
 * It holds what can be lost without harm: what cannot be read is not there, and a profile that
 * cannot be written keeps nothing. Processes that share a profile may use it at the same time.
 */
export class ServerRecords<Entry> {
  /** Changes of the file, one after another. */
  private saving: Promise<void> = Promise.resolve();
  private readonly schema: z.ZodType<Readonly<Record<string, Entry>>>;

  /** @param entry what a record looks like; files that hold others are taken for damaged */
  constructor(
    private readonly path: string,
    entry: z.ZodType<Entry>,
  ) {
    this.schema = z
      .strictObject({ version: z.literal(1), servers: z.record(z.string(), entry) })
      .transform(({ servers }) => servers);
  }

  async find(user: ServerUser): Promise<Entry | null> {
    await this.saving;
    return (await this.read())[keyOf(user)] ?? null;
  }

  /** @param next makes the new record of the one before; null for none. */
  change(user: ServerUser, next: (before: Entry | null) => Entry | null): void {
    const key = keyOf(user);
    const write = async (): Promise<void> => {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await withFileLock(`${this.path}.lock`, async () => {
        const { [key]: before, ...others } = await this.read();
        const entry = next(before ?? null);
        const servers = entry === null ? others : { ...others, [key]: entry };
        const text = JSON.stringify({ version: 1, servers }, null, 2);
        await writeFileAtomically(this.path, `${text}\n`);
      });
    };
    this.saving = this.saving.then(write).catch(() => undefined);
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    await this.saving;
  }

  private async read(): Promise<Readonly<Record<string, Entry>>> {
    try {
      const text = await readFileIfPresent(this.path);
      return text === null ? {} : this.schema.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }
}

function keyOf({ publicKey, ...address }: ServerUser): string {
  return `${formatServerAddress(address)} ${Buffer.from(publicKey).toString('base64url')}`;
}
