import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { isReleaseVersion } from '@rookery/schemas/release/releaseVersion';
import { z } from 'zod';
import { ClientError } from '../engine/clientError.js';
import { checked } from './checked.js';
import type { LogDraft } from './clientLog.js';
import type { FaceSettings } from './faceSettings.js';
import { lookForUpdate, lookLimits, type LookLimits } from './lookForUpdate.js';
import { LookTimes, usualPace, type LookPace } from './lookTimes.js';
import { SettingsFile } from './settingsFile.js';
import { chooseSource, type ChosenSource, type SourceWish } from './updateSource.js';
import { noUpdates, type LookOutcome, type NewVersion, type UpdatesState } from './updatesState.js';

const versionOrNone = z.string().max(200).refine(isReleaseVersion).nullable();

const keptUpdates = z.object({
  /** Milliseconds since 1970. */
  lookedAtMs: z.number().nullable().default(null),
  skippedVersion: versionOrNone.default(null),
  /** The newest manifest that was believed: none is that was signed before, by the same key. */
  accepted: z
    .object({ key: z.string().max(64), issued: z.iso.datetime() })
    .nullable()
    .default(null),
});

type KeptUpdates = Readonly<z.infer<typeof keptUpdates>>;

/** Where newer versions are, beside what the settings say, and how they are looked for. */
export interface UpdateWays {
  /** Of this client. */
  readonly installedVersion: string;
  /** Goes before the settings: the command line. */
  readonly given?: SourceWish;
  /** Who made this client. */
  readonly builtIn?: SourceWish;
  readonly pace?: LookPace;
  readonly limits?: LookLimits;
}

export interface UpdateDeskOptions extends UpdateWays {
  readonly profileFolder: string;
  readonly settings: () => FaceSettings;
  /** Whether its user talks: nothing is begun meanwhile, and nothing told. */
  readonly isBusy: () => boolean;
  readonly onChange: () => void;
  readonly onLog: (draft: LogDraft) => void;
}

/**
 * Looks now and then whether there is a newer client, and tells of it, no more: nothing is fetched
 * but what the release says of itself, and only from where its publisher, or the user, said. The
 * server that one is on has no say in it.
 */
export class UpdateDesk {
  private readonly file: SettingsFile<KeptUpdates>;
  private readonly times: LookTimes;
  private readonly closing = new AbortController();
  private kept: KeptUpdates = keptUpdates.parse({});
  private chosen: ChosenSource;
  private outcome: LookOutcome | null = null;
  private refusals = 0;
  private looking: Promise<void> | null = null;
  private isToldLater = false;
  /** Found while its user talked. */
  private isHeld = false;
  private timer: NodeJS.Timeout | undefined;
  private shown: UpdatesState = noUpdates;

  constructor(private readonly options: UpdateDeskOptions) {
    const path = join(options.profileFolder, 'updates.json');
    this.file = new SettingsFile({ path, schema: keptUpdates, usual: this.kept });
    this.times = new LookTimes(this.pace, Math.random, Date.now());
    this.chosen = this.choose();
  }

  /** Reads what is kept, and begins to think of it from time to time. */
  async open(): Promise<void> {
    this.kept = await this.file.read();
    this.timer = setInterval(() => this.tick(), this.pace.tickMs);
    this.timer.unref();
  }

  /** The same object as before where nothing changed. */
  get state(): UpdatesState {
    const { chosen, kept, outcome, refusals } = this;
    const next: UpdatesState = {
      installedVersion: this.options.installedVersion,
      address: chosen.address,
      problem: chosen.problem,
      isLooking: this.looking !== null,
      lookedAtMs: kept.lookedAtMs,
      outcome,
      refusals,
      skippedVersion: kept.skippedVersion,
      notice: this.noticeOf(),
    };
    if (!isDeepStrictEqual(next, this.shown)) this.shown = next;
    return this.shown;
  }

  /**
   * Looks now; who asks meanwhile waits for the same look. What came of it stands in the state.
   *
   * @throws ClientError `invalidInput` where nobody said where to look
   */
  look(): Promise<void> {
    const { source } = this.chosen;
    if (source === null) {
      throw new ClientError('invalidInput', 'It is not known where newer versions are.');
    }
    this.looking ??= this.lookAt(source).finally(() => {
      this.looking = null;
      this.options.onChange();
    });
    this.options.onChange();
    return this.looking;
  }

  /** Tells of this version no more, and of a yet newer one again. @param version null: of all */
  async skip(version: string | null): Promise<void> {
    await this.keep({ skippedVersion: checked(versionOrNone, version) });
  }

  /** Tells of it again when it is found the next time. */
  later(): void {
    this.isToldLater = true;
    this.options.onChange();
  }

  /** The settings may be others. */
  settingsChanged(): void {
    const chosen = this.choose();
    if (isDeepStrictEqual(chosen, this.chosen)) return;
    this.chosen = chosen;
    // What was found there says nothing of here.
    this.outcome = null;
  }

  /** Its user may have stopped talking. */
  follow(): void {
    if (!this.isHeld || this.options.isBusy()) return;
    this.isHeld = false;
    this.options.onChange();
  }

  /** Waits for nobody; resolves when what is kept is on the disk. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.closing.abort();
    await this.looking;
    await this.file.close();
  }

  private get pace(): LookPace {
    return this.options.pace ?? usualPace;
  }

  private choose(): ChosenSource {
    const { given = {}, builtIn = {}, settings } = this.options;
    const { updateUrl: url, updateKey: key } = settings();
    return chooseSource([given, { url, key }, builtIn]);
  }

  private tick(): void {
    if (!this.options.settings().looksForUpdates || this.chosen.source === null) return;
    if (!this.times.isDue(Date.now()) || this.options.isBusy()) return;
    void this.look();
  }

  private async lookAt(source: NonNullable<ChosenSource['source']>): Promise<void> {
    const { installedVersion, limits = lookLimits } = this.options;
    const platform = `${process.platform}-${process.arch}`;
    const { accepted } = this.kept;
    const acceptedIssued = accepted?.key === source.key ? accepted.issued : null;
    const { signal } = this.closing;
    const looker = { installedVersion, platform, acceptedIssued };
    const { outcome, issued } = await lookForUpdate(source, looker, limits, signal);
    if (signal.aborted || source !== this.chosen.source) return;
    this.take(outcome);
    const believed = issued === null ? {} : { accepted: { key: source.key, issued } };
    // That it was looked is not worth a fault of the disk.
    await this.keep({ lookedAtMs: Date.now(), ...believed }).catch(() => undefined);
  }

  private take(outcome: LookOutcome): void {
    this.times.looked(outcome.kind !== 'unreachable', Date.now());
    if (['notSigned', 'stale', 'unusable'].includes(outcome.kind)) this.refusals += 1;
    // A fault that stays the same is logged once.
    if (!isDeepStrictEqual(outcome, this.outcome)) this.options.onLog(draftOf(outcome));
    this.outcome = outcome;
    this.isToldLater = false;
    this.isHeld = this.options.isBusy();
  }

  private noticeOf(): NewVersion | null {
    const { outcome, kept, isHeld, isToldLater } = this;
    if (outcome?.kind !== 'newer' || isHeld || isToldLater) return null;
    if (!this.options.settings().looksForUpdates) return null;
    return outcome.version.version === kept.skippedVersion ? null : outcome.version;
  }

  private async keep(change: Partial<KeptUpdates>): Promise<void> {
    this.kept = { ...this.kept, ...change };
    this.options.onChange();
    await this.file.write(this.kept);
  }
}

function draftOf(outcome: LookOutcome): LogDraft {
  const part = 'updates';
  switch (outcome.kind) {
    case 'newest':
      return { level: 'info', part, text: 'this is the newest version' };
    case 'newer': {
      const { version } = outcome.version;
      return { level: 'info', part, text: 'there is a newer version', fields: { version } };
    }
    case 'noClient':
      return { level: 'info', part, text: 'the release has no client' };
    case 'unreachable':
      return { level: 'warn', part, text: outcome.fault.detail };
    case 'notSigned':
      return { level: 'warn', part, text: 'the release is not signed by the key that is trusted' };
    case 'stale':
      return { level: 'warn', part, text: `the release is not of today: ${outcome.why}` };
    case 'unusable':
      return { level: 'warn', part, text: `the release cannot be read: ${outcome.fault.detail}` };
  }
}
