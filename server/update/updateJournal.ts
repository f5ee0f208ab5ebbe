import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ServerError } from '../errors.js';
import { syncDirectory, writeWhole } from '../store/durableFile.js';

/**
 * What an update does, in this order. Up to `checking` nothing that runs is touched. From
 * `restarting` on `current` leads to the new version, from `undoing` on to the one before.
 */
export const updatePhases = [
  'fetching',
  'unpacking',
  'checking',
  'switching',
  'restarting',
  'undoing',
] as const;
export type UpdatePhase = (typeof updatePhases)[number];

const recordSchema = z.object({
  format: z.literal(1),
  phase: z.enum(updatePhases),
  /** Names of folders of versions. */
  from: z.string(),
  to: z.string(),
  /** Of the data before; null: there was none. */
  schemaVersion: z.int().nullable(),
  /** Whether data that only the new version reads may be put aside. */
  mayPutDataAside: z.boolean(),
  /** Process that starts the server anew, where no systemd does; null: none was found. */
  supervisorPid: z.int().nullable(),
  /** Whether systemd ran the server. */
  service: z.boolean().default(false),
  /** How long a version may take to be healthy. */
  healthMsMax: z.int().default(60_000),
  /** How often the service was started without a verdict on the new version. */
  starts: z.int().default(0),
  /** Why it is undone. */
  reason: z.string(),
});

/** The update that is under way. */
export type UpdateRecord = z.infer<typeof recordSchema>;

const preparing: ReadonlySet<UpdatePhase> = new Set(['fetching', 'unpacking', 'checking']);

/** Whether nothing that runs was touched yet. Pure. */
export function isPreparing({ phase }: Pick<UpdateRecord, 'phase'>): boolean {
  return preparing.has(phase);
}

const journalName = 'journal.json';

/**
 * Says which step of an update is done next, before it is done: what is written is on the disk when
 * write() returns. So whoever finds a journal knows what may have been begun.
 */
export class UpdateJournal {
  readonly #folder: string;

  /** @param folder is there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @returns null where no update is under way
   * @throws ServerError `notUpdatable` for one that cannot be read
   */
  read(): UpdateRecord | null {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    try {
      return recordSchema.parse(JSON.parse(text));
    } catch (cause) {
      const advice = 'See which version runs (rookery --version), then delete that file.';
      throw new ServerError('notUpdatable', `${this.#path} cannot be read. ${advice}`, { cause });
    }
  }

  write(record: UpdateRecord): void {
    writeWhole(this.#path, `${JSON.stringify(record)}\n`);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
    syncDirectory(this.#folder);
  }

  get #path(): string {
    return join(this.#folder, journalName);
  }
}
