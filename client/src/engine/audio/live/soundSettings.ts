import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Uuid } from '@rookery/schemas/messages';
import { z } from 'zod';
import { readSmallFileIfPresent, writeFileAtomically } from '../../profileFile.js';
import { keepAside, type SettingsFault } from '../../settingsFault.js';
import { captureLimits } from '../capture/captureLimits.js';
import { usualCapture, type CaptureSettings } from '../capture/captureThread.js';
import { gainMax } from '../voiceMixer.js';

/** How one user is to be heard, wherever they are. */
export interface UserSound {
  /** 0 … 2, 1 for as it is sent. */
  readonly gain: number;
  readonly isMuted: boolean;
}

export const usualUserSound: UserSound = { gain: 1, isMuted: false };

/** What a profile remembers of the sound. Whether one is muted or deafened it does not. */
export interface SoundSettings {
  /** Ids of devices; null for the system's default. */
  readonly inputId: string | null;
  readonly outputId: string | null;
  readonly capture: CaptureSettings;
  /** Of those who are not heard as they are sent. */
  readonly users: ReadonlyMap<Uuid, UserSound>;
}

export const usualSettings: SoundSettings = {
  inputId: null,
  outputId: null,
  capture: usualCapture,
  users: new Map(),
};

/** People whose sound is remembered; of more, those who were set first are forgotten. */
const usersMax = 10_000;
/** Three times what so many users take. */
const fileBytesMax = 4 * 2 ** 20;

const deviceId = z.string().max(1_024).nullable().catch(null);
const flag = (usual: boolean) => z.boolean().catch(usual);
const share = (usual: number) => z.number().min(0).max(1).catch(usual);
const wholeMs = (usual: number, max: number) => z.int().min(0).max(max).catch(usual);

const captureRecord = z.object({
  mode: z.enum(['pushToTalk', 'voiceActivated', 'continuous']).catch(usualCapture.mode),
  isHighPassOn: flag(usualCapture.isHighPassOn),
  isEchoCancellerOn: flag(usualCapture.isEchoCancellerOn),
  isNoiseSuppressorOn: flag(usualCapture.isNoiseSuppressorOn),
  isGainControlOn: flag(usualCapture.isGainControlOn),
  startsAbove: share(usualCapture.startsAbove),
  stopsBelow: share(usualCapture.stopsBelow),
  holdMs: wholeMs(usualCapture.holdMs, captureLimits.holdMsMax),
  releaseMs: wholeMs(usualCapture.releaseMs, captureLimits.releaseMsMax),
  inputGain: z.number().min(0).max(captureLimits.inputGainMax).catch(usualCapture.inputGain),
  isDtxOn: flag(usualCapture.isDtxOn),
});

const userRecord = z.object({
  gain: z.number().min(0).max(gainMax).catch(1),
  isMuted: flag(false),
});

const settingsFile = z.object({
  version: z.literal(1),
  inputId: deviceId,
  outputId: deviceId,
  capture: captureRecord.catch(captureRecord.parse({})),
  users: z.record(z.string(), userRecord).catch({}),
});

/** What the text of a file of settings says. */
export interface ReadSoundSettings {
  readonly settings: SoundSettings;
  /** Whether all of it made sense, so that nothing is lost when it is written again. */
  readonly isWhole: boolean;
}

/**
 * What a file of settings says. What makes no sense there is as it usually is: a file that somebody
 * broke by hand must not keep anybody silent. Pure.
 */
export function parseSettings(text: string): ReadSoundSettings {
  try {
    const said: unknown = JSON.parse(text);
    const { inputId, outputId, capture, users } = settingsFile.parse(said);
    const settings = {
      inputId,
      outputId,
      capture: { ...capture, isMuted: false },
      users: new Map(Object.entries(users).slice(-usersMax)),
    };
    return { settings, isWhole: holds(JSON.parse(settingsText(settings)), said) };
  } catch {
    return { settings: usualSettings, isWhole: false };
  }
}

/** Whether all that was said is there; what was left out is as it usually is, and may be. */
function holds(there: unknown, said: unknown): boolean {
  if (typeof said !== 'object' || said === null) return there === said;
  if (typeof there !== 'object' || there === null) return false;
  const entries = new Map<string, unknown>(Object.entries(there));
  return Object.entries(said).every(([key, value]) => holds(entries.get(key), value));
}

/** The text of a file of settings. Pure. */
export function settingsText({ inputId, outputId, capture, users }: SoundSettings): string {
  const record = {
    version: 1,
    inputId,
    outputId,
    capture: { ...capture, isMuted: undefined },
    users: Object.fromEntries(users),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** The users with another sound of one of them. Pure. */
export function withUserSound(
  users: SoundSettings['users'],
  userId: Uuid,
  sound: UserSound,
): SoundSettings['users'] {
  const others = new Map(users);
  others.delete(userId);
  const isUsual = sound.gain === usualUserSound.gain && sound.isMuted === usualUserSound.isMuted;
  if (!isUsual) others.set(userId, sound);
  return new Map([...others].slice(-usersMax));
}

type Edit = (settings: SoundSettings) => SoundSettings;

/**
 * The settings in a profile: read once, written after every change, one write at a time. A disk
 * that is full or read-only costs what would have been remembered, nothing else.
 */
export class SoundSettingsFile {
  private settings = usualSettings;
  private loading: Promise<void> | null = null;
  /** What was changed before the file was read, to be done to what it says; null after. */
  private early: Edit[] | null = [];
  private writing: Promise<void> = Promise.resolve();
  private isWritePending = false;

  /**
   * @param path of the file; its folder is made when something is to be remembered
   * @param onFault told where what it says made no sense, in part or all, and was kept beside it
   */
  constructor(
    private readonly path: string,
    private readonly onFault?: (fault: SettingsFault) => void,
  ) {}

  /** As they usually are, until `load`. */
  get current(): SoundSettings {
    return this.settings;
  }

  /** Resolves when `current` is what the file says. */
  load(): Promise<void> {
    this.loading ??= this.read();
    return this.loading;
  }

  /** @param edit pure; it may be called twice. */
  change(edit: Edit): void {
    this.settings = edit(this.settings);
    this.early?.push(edit);
    if (this.isWritePending) return;
    this.isWritePending = true;
    this.writing = this.writing.then(() => this.write());
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.writing;
  }

  private async read(): Promise<void> {
    const text = await readSmallFileIfPresent(this.path, fileBytesMax).catch(() => null);
    const said = text === null ? usualSettings : await this.understood(text);
    this.settings = (this.early ?? []).reduce((settings, edit) => edit(settings), said);
    this.early = null;
  }

  private async understood(text: string): Promise<SoundSettings> {
    const { settings, isWhole } = parseSettings(text);
    if (isWhole) return settings;
    // Where nothing can be written, it stands as it is until that is possible.
    const keptAs = await keepAside(this.path, text).catch(() => null);
    this.onFault?.({ kind: 'broken', fileName: basename(this.path), keptAs });
    return settings;
  }

  private async write(): Promise<void> {
    await this.load();
    this.isWritePending = false;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFileAtomically(this.path, settingsText(this.settings));
    } catch {
      // The next start is as the last one was.
    }
  }
}
