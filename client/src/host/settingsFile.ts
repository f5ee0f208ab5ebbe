import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../engine/profileFile.js';

/**
 * A file of settings that people may edit: JSON with a version. What cannot be read is put aside
 * and not lost, and the usual holds in its place; so does the usual of each entry that is missing.
 */
export class SettingsFile<Value> {
  /** Writes, one after another; the last state is what stays. */
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly schema: z.ZodType<Value>,
    private readonly usual: Value,
  ) {}

  /** Where it was damaged it has another name afterwards, and the usual holds. */
  async read(): Promise<Value> {
    const text = await readFileIfPresent(this.path);
    if (text === null) return this.usual;
    try {
      const { version, value } = JSON.parse(text) as Record<string, unknown>;
      if (version !== 1) throw new Error('another version');
      return this.schema.parse(value);
    } catch {
      await rename(this.path, `${this.path}.damaged-${Date.now()}`);
      return this.usual;
    }
  }

  /** Writes in the order of the calls; who is killed between keeps the state before. */
  write(value: Value): Promise<void> {
    const save = async (): Promise<void> => {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFileAtomically(this.path, `${JSON.stringify({ version: 1, value }, null, 2)}\n`);
    };
    const saved = this.saving.then(save);
    this.saving = saved.catch(() => undefined);
    return saved;
  }
}
