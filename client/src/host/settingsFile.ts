import { watch, type FSWatcher } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { readFileIfPresent, writeFileAtomically } from '../engine/profileFile.js';
import { keepAside, type SettingsFault } from '../engine/settingsFault.js';
import { parseSettingsText, settingsText, type Migration } from './settingsText.js';

export interface SettingsFileOptions<Value> {
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  /** Where there is no file, or nothing of it makes sense. */
  readonly usual: Value;
  readonly migrations?: readonly Migration[];
  readonly onFault?: (fault: SettingsFault) => void;
}

/** How long a file rests before it is read again, milliseconds: editors write in pieces. */
const restMs = 100;

/**
 * A file of settings that people may edit: JSON with a version. What cannot be read is put aside
 * and not lost; what can be read of it holds, and the usual in place of the rest. Entries that this
 * program does not know stay as they are.
 */
export class SettingsFile<Value> {
  /** Writes, one after another; the last state is what stays. */
  private saving: Promise<void> = Promise.resolve();
  /** As it was read or written last: another text is somebody else's. */
  private text: string | null = null;
  /** Of the file, what this program does not know. */
  private foreign: object = {};
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SettingsFileOptions<Value>) {}

  /** Where parts of it were broken, a copy of it is kept beside it. */
  async read(): Promise<Value> {
    const { path, schema, usual, migrations = [], onFault } = this.options;
    this.text = await readFileIfPresent(path);
    if (this.text === null) return usual;
    const { value, foreign, isWhole } = parseSettingsText(this.text, schema, migrations);
    this.foreign = foreign;
    if (!isWhole) {
      const keptAs = await keepAside(path, this.text);
      onFault?.({ kind: 'broken', fileName: basename(path), keptAs });
    }
    return value ?? usual;
  }

  /**
   * Tells of edits of others from now on, until close(). What makes no sense changes nothing.
   *
   * @param onEdited with what the file says now
   */
  async follow(onEdited: (value: Value) => void): Promise<void> {
    const { path } = this.options;
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The folder and not the file: most programs put another file in its place.
    this.watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name !== basename(path)) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.lookAgain(onEdited), restMs);
    });
    // A folder that vanishes is followed no longer; the settings go on.
    this.watcher.on('error', () => this.watcher?.close());
  }

  /** Writes in the order of the calls; who is killed between keeps the state before. */
  write(value: Value): Promise<void> {
    const saved = this.saving.then(() => this.save(value));
    this.saving = saved.catch(() => undefined);
    return saved;
  }

  /** Follows no longer; resolves when all is written. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.watcher?.close();
    await this.saving;
  }

  private async save(value: Value): Promise<void> {
    const { path, migrations = [], onFault } = this.options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const there = await readFileIfPresent(path);
    if (there !== null && there !== this.text) {
      const keptAs = await keepAside(path, there);
      onFault?.({ kind: 'overtaken', fileName: basename(path), keptAs });
    }
    this.text = settingsText(value, this.foreign, migrations);
    await writeFileAtomically(path, this.text);
  }

  private lookAgain(onEdited: (value: Value) => void): Promise<void> {
    const look = async (): Promise<void> => {
      const { path, schema, migrations = [], onFault } = this.options;
      const text = await readFileIfPresent(path);
      if (text === null || text === this.text) return;
      const { value, foreign, isWhole } = parseSettingsText(text, schema, migrations);
      if (value === null || !isWhole) {
        onFault?.({ kind: 'broken', fileName: basename(path), keptAs: null });
        return;
      }
      this.text = text;
      this.foreign = foreign;
      onEdited(value);
    };
    const looked = this.saving.then(look);
    this.saving = looked.catch(() => undefined);
    return this.saving;
  }
}
