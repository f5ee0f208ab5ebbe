import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../store/durableFile.js';
import { databasePath, newestVersion } from '../store/migrate.js';
import type { Installation } from './installation.js';
import { forgetService } from './servedNote.js';
import { UpdateJournal, type UpdatePhase, type UpdateRecord } from './updateJournal.js';

export interface UpdateStepsOptions {
  readonly installation: Installation;
  /** Of the server. */
  readonly dataDirectory: string;
  /** Told what is done next, for people. */
  readonly onStep: (text: string) => void;
}

/**
 * The steps by which `current` comes to lead elsewhere, for whoever takes them: an update, or the
 * start of the service after one that was cut short. Each may be done again.
 */
export class UpdateSteps {
  readonly #options: UpdateStepsOptions;
  readonly #installation: Installation;
  readonly #journal: UpdateJournal;

  /** The folder of the work is there. */
  constructor(options: UpdateStepsOptions) {
    this.#options = options;
    this.#installation = options.installation;
    this.#journal = new UpdateJournal(this.#installation.workFolder);
  }

  get downloads(): string {
    return join(this.#installation.workFolder, 'download');
  }

  /** @returns null where no update is under way */
  read(): UpdateRecord | null {
    return this.#journal.read();
  }

  enter(record: UpdateRecord, phase: UpdatePhase): void {
    this.#journal.write({ ...record, phase });
  }

  /** From here on something is changed; whoever starts the service now finds who judges that. */
  switchOver(record: UpdateRecord): void {
    this.#installation.point('judge', record.from);
    forgetService(this.#options.dataDirectory);
    this.enter(record, 'switching');
    const { version, schemaVersion } = this.#installation.infoOf(record.to);
    this.#putDataAside(record, schemaVersion);
    this.#options.onStep(`Switching to version ${version}`);
    this.#installation.point('current', record.to);
  }

  /** Has what ran before, with its data, be what is started next. */
  goBack(record: UpdateRecord): void {
    const { schemaVersion } = this.#installation.infoOf(record.from);
    this.#putDataAside({ ...record, mayPutDataAside: true }, schemaVersion);
    this.#installation.point('current', record.from);
  }

  /** The new version stays. */
  finish({ from, to }: UpdateRecord): void {
    if (from !== to) this.#installation.point('previous', from);
    this.forget();
    this.#installation.removeOld();
  }

  /** Takes away what was begun; `current` leads to what it led to before. */
  clear({ to }: UpdateRecord): void {
    this.#installation.remove(to);
    this.forget();
  }

  /** Versions stay. The journal goes first: as long as it is there, so is who judges. */
  forget(): void {
    rmSync(this.downloads, { recursive: true, force: true });
    this.#journal.remove();
    this.#installation.unpoint('judge');
  }

  /**
   * Has the version that knows schemas up to this one find the data from before. What is put aside
   * was a copy that a newer version had migrated; the one before is still there.
   */
  #putDataAside({ mayPutDataAside }: UpdateRecord, schemaVersion: number): void {
    if (!mayPutDataAside) return;
    const { dataDirectory, onStep } = this.#options;
    for (;;) {
      const newest = newestVersion(dataDirectory);
      if (newest === null || newest <= schemaVersion) return;
      const path = databasePath(dataDirectory, newest);
      const aside = freePath(`${path}.aside`);
      onStep(`Putting data aside that version knows nothing of: ${aside}`);
      renameSync(path, aside);
      syncDirectory(dataDirectory);
    }
  }
}

function freePath(path: string): string {
  for (let number = 1; ; number++) {
    const candidate = `${path}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}
