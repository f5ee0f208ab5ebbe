import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** What can be set of a server while it runs, each a text. */
export type SettingName = 'messageOfTheDay' | 'registration';

const version = 1;

export function encodeSetting(text: string): Uint8Array {
  return new RecordWriter(version).text(text).finish();
}

/** @throws ServerError `unusableData` */
export function decodeSetting(bytes: Uint8Array): string {
  const reader = new RecordReader('a setting', bytes, version);
  const text = reader.text();
  reader.finish();
  return text;
}

/** What was set of the server, by those who may. */
export class Settings {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @returns null where nothing was set */
  find(name: SettingName): string | null {
    const bytes = this.#tables.get('settings', Buffer.from(name));
    return bytes === null ? null : decodeSetting(bytes);
  }

  /** Resolves once it is durable. @throws ServerError of the store */
  async put(name: SettingName, text: string): Promise<void> {
    const value = encodeSetting(text);
    await this.#tables.commit([{ table: 'settings', key: Buffer.from(name), value }]);
  }
}
