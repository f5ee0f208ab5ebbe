import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf } from '@rookery/schemas/release/releaseAddress';
import { readReleaseInfo } from '@rookery/schemas/release/releaseInfo';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { ServerError } from '../errors.js';
import { writeWhole } from '../store/durableFile.js';
import { newestVersion } from '../store/migrate.js';
import type { UpdateLimits } from '../updateLimits.js';
import { assertNoRestore, untilNoBackup } from './dataAtRest.js';
import { fetchFile } from './fetchRelease.js';
import type { Installation } from './installation.js';
import { installedPath, installedText } from './installedArchive.js';
import { checkRelease } from './releaseChecks.js';
import { findRestartWay, isServiceUp, restartServer, restartText } from './restartWays.js';
import { serverFileOf } from './serverFile.js';
import { untilHealthy } from './serverHealth.js';
import { supervisorOf } from './supervisorSearch.js';
import { unpackRelease } from './unpackRelease.js';
import { isPreparing, type UpdateRecord } from './updateJournal.js';
import { UpdateSteps } from './updateSteps.js';

/** What is to be undone is undone so often, until the version from before is healthy. */
const undoAttemptsMax = 3;

/** In place of a fault: there is nobody who starts the server anew. */
const nobody = 'nobody starts it';

export interface UpdaterOptions {
  readonly installation: Installation;
  /** Of the server. */
  readonly dataDirectory: string;
  readonly adminPort: number;
  /** For the shell; null: who runs the server starts it anew. */
  readonly restartCommand: string | null;
  readonly healthMsMax: number;
  readonly limits: UpdateLimits;
  /** Whether data that only the newer version reads may be put aside to go back. */
  readonly mayPutDataAside: boolean;
  /** Told what is done next, for people. */
  readonly onStep: (text: string) => void;
  /** Told how much of the archive has come. */
  readonly onProgress: (bytes: number, ofBytes: number) => void;
}

/** How an update ended that was under way when somebody looked. */
export type Recovery = 'nothing' | 'cleared' | 'finished' | 'undone';

/**
 * Exchanges the version of an installation. Each step is written to the journal before it is done,
 * so that an update that was cut short anywhere is finished or undone by recover(); at every moment
 * `current` leads to a whole version. Of one process at a time.
 */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #installation: Installation;
  readonly #steps: UpdateSteps;

  /** Makes the folder for its work. */
  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#installation = options.installation;
    mkdirSync(this.#installation.workFolder, { recursive: true, mode: 0o700 });
    this.#steps = new UpdateSteps(options);
  }

  /** Finishes or undoes what was cut short. @throws ServerError `updateFailed` */
  async recover(): Promise<Recovery> {
    const record = this.#steps.read();
    if (record === null) return 'nothing';
    switch (record.phase) {
      case 'fetching':
      case 'unpacking':
      case 'checking':
        this.#steps.clear(record);
        return 'cleared';
      case 'switching':
        await this.#exchange(record);
        return 'finished';
      case 'restarting':
        if (this.#installation.current !== record.to) {
          this.#steps.forget();
          return 'nothing';
        }
        if (await this.#isHealthyAlready(this.#installation.infoOf(record.to).version)) {
          this.#steps.finish(record);
        } else await this.#restartAndWatch(record);
        return 'finished';
      case 'undoing':
        this.#options.onStep(await this.#undo(record));
        return 'undone';
    }
  }

  /**
   * Brings the installation to a release, of which the manifest was verified.
   *
   * @param address where the manifest is from
   * @param name of the folder of the new version
   * @throws ServerError; what ran before runs again then, or still
   */
  async update(manifest: ReleaseManifest, address: string, name: string): Promise<void> {
    assertNoRestore(this.#options.dataDirectory);
    const file = serverFileOf(manifest, `${process.platform}-${process.arch}`);
    const record = await this.#newRecord(name);
    const archive = join(this.#steps.downloads, file.name);
    try {
      this.#steps.enter(record, 'fetching');
      mkdirSync(this.#steps.downloads, { recursive: true, mode: 0o700 });
      this.#options.onStep(`Fetching ${file.name}`);
      const { limits } = this.#options;
      await fetchFile(addressOf(address, file.name), archive, file, limits, (bytes) => {
        this.#options.onProgress(bytes, file.bytes);
      });
      this.#steps.enter(record, 'unpacking');
      this.#options.onStep('Unpacking it beside the one that runs');
      await this.#unpack(archive, name, file.sha256);
      this.#steps.enter(record, 'checking');
      await this.#check(name, manifest);
      await this.#untilDataRests();
    } catch (error) {
      this.abandon();
      throw error;
    }
    await this.#exchange(record);
  }

  /** Takes away what was prepared. @returns false where something was exchanged, and is judged */
  abandon(): boolean {
    const record = this.#steps.read();
    if (record === null) return true;
    if (!isPreparing(record)) return false;
    this.#steps.clear(record);
    return true;
  }

  /** Goes back to the version before. @throws ServerError as update(), or where there is none */
  async rollBack(): Promise<void> {
    const { previous } = this.#installation;
    if (previous === null) {
      throw new ServerError('updateFailed', 'There is no version before this one to go back to.');
    }
    const info = this.#installation.infoOf(previous);
    const found = newestVersion(this.#options.dataDirectory);
    if (found !== null && found > info.schemaVersion && !this.#options.mayPutDataAside) {
      throw new ServerError(
        'updateFailed',
        `Version ${info.version} does not read the data as it is now (schema ${found}; it knows ` +
          `${info.schemaVersion}). It can go on with the data from before the update; what was ` +
          'written since would be put aside. If that is what you want: --put-data-aside.',
      );
    }
    await this.#untilDataRests();
    await this.#exchange(await this.#newRecord(previous));
  }

  async #untilDataRests(): Promise<void> {
    const { dataDirectory, limits, onStep } = this.#options;
    await untilNoBackup(dataDirectory, limits, onStep);
    assertNoRestore(dataDirectory);
  }

  async #newRecord(to: string): Promise<UpdateRecord> {
    const { dataDirectory, mayPutDataAside, healthMsMax } = this.#options;
    return {
      format: 1,
      phase: 'fetching',
      from: this.#installation.current,
      to,
      schemaVersion: newestVersion(dataDirectory),
      mayPutDataAside,
      supervisorPid: supervisorOf(dataDirectory),
      service: await isServiceUp(),
      ...{ healthMsMax, starts: 0 },
      reason: '',
    };
  }

  async #unpack(archive: string, name: string, sha256: string): Promise<void> {
    this.#installation.remove(name);
    const folder = this.#installation.freshFolder(name);
    await unpackRelease(archive, folder, this.#options.limits);
    writeWhole(installedPath(folder), installedText(sha256));
    this.#installation.name(name);
  }

  async #check(name: string, manifest: ReleaseManifest): Promise<void> {
    const folder = this.#installation.folderOf(name);
    const info = readReleaseInfo(folder);
    if (info?.version !== manifest.version || info.schemaVersion !== manifest.schemaVersion) {
      throw new ServerError(
        'releaseRefused',
        'The archive is not of the release that the manifest describes. Nothing was changed. ' +
          'Tell its publisher.',
      );
    }
    await checkRelease({ folder, info }, this.#options.dataDirectory, this.#options.onStep);
  }

  /** From here on something is changed. */
  async #exchange(record: UpdateRecord): Promise<void> {
    this.#steps.switchOver(record);
    await this.#restartAndWatch(record);
  }

  async #restartAndWatch(record: UpdateRecord): Promise<void> {
    const { version } = this.#installation.infoOf(record.to);
    this.#steps.enter(record, 'restarting');
    const fault = await this.#startAnew(record, version, this.#supervisorOf(record));
    if (fault === null || fault === nobody) {
      this.#steps.finish(record);
      return;
    }
    const reason = `version ${version} did not become healthy: ${fault}`;
    throw new ServerError('updateFailed', await this.#undo({ ...record, reason }));
  }

  async #isHealthyAlready(version: string): Promise<boolean> {
    const { adminPort } = this.#options;
    return (await untilHealthy({ adminPort, version, sinceMs: null, timeoutMs: 0 })) === null;
  }

  /** @returns null once the version is healthy, else what is wrong, which may be `nobody` */
  async #startAnew(
    { service }: UpdateRecord,
    version: string,
    supervisorPid: number | null,
  ): Promise<string | null> {
    const { restartCommand, healthMsMax, adminPort, onStep } = this.#options;
    const way = await findRestartWay(restartCommand, supervisorPid, service);
    onStep(`Starting the server anew ${restartText(way)}`);
    const sinceMs = performance.now();
    try {
      await restartServer(way);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return error.message;
    }
    if (way.kind === 'none') return nobody;
    onStep('Waiting until it is healthy');
    return untilHealthy({ adminPort, version, sinceMs, timeoutMs: healthMsMax });
  }

  /** The one of now, or where none is seen the one of before. */
  #supervisorOf({ supervisorPid }: UpdateRecord): number | null {
    return supervisorOf(this.#options.dataDirectory) ?? supervisorPid;
  }

  /** Back to what ran before, with its data. @returns how that went, for people */
  async #undo(record: UpdateRecord): Promise<string> {
    const { version } = this.#installation.infoOf(record.from);
    this.#steps.enter(record, 'undoing');
    this.#options.onStep(`Going back to version ${version}`);
    let fault: string | null = null;
    for (let attempt = 0; attempt < undoAttemptsMax; attempt++) {
      // The version that is left may be migrating data while it is told to end.
      this.#steps.goBack(record);
      // Where the new version could not even be loaded, the one from before never stopped.
      if (await this.#isHealthyAlready(version)) fault = null;
      else {
        // Where its supervisor could not, the service around that one may.
        const isLeft = attempt > 0 && record.service;
        const supervisor = isLeft ? null : this.#supervisorOf(record);
        fault = await this.#startAnew(record, version, supervisor);
      }
      if (fault === null || fault === nobody) break;
    }
    this.#steps.clear(record);
    const because = record.reason === '' ? '' : ` The reason: ${record.reason}.`;
    if (fault === nobody && record.supervisorPid !== null) {
      return (
        `The update was undone, and version ${version} is in its place again, but no server runs ` +
        `now. Start it.${because}`
      );
    }
    return fault === null || fault === nobody
      ? `The update was undone, and version ${version} is in its place again.${because} See the ` +
          'log of the server, and tell the publisher of the release.'
      : `The update was undone, but version ${version} is not healthy either: ${fault}.` +
          `${because} See the log of the server.`;
  }
}
