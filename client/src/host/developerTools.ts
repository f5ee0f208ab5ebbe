import { randomUUID } from 'node:crypto';
import { cpus, release, totalmem } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { stateHash, type PartHashes } from '../bridge/canonicalState.js';
import { clientVersion } from '../clientVersion.js';
import type { ChaosSettings } from '../engine/audio/tools/chaos.js';
import { dumpStages, type DumpStage } from '../engine/audio/tools/soundWriting.js';
import type { ChaosDirection } from '../engine/chaosLine.js';
import type { Engine } from '../engine/engine.js';
import { checked } from './checked.js';
import type { ClientLog, LogEntry } from './clientLog.js';

/** Where the client runs, for a report; nothing of it says who runs it. */
export interface PlatformFacts {
  readonly clientVersion: string;
  readonly nodeVersion: string;
  readonly platform: string;
  readonly release: string;
  readonly architecture: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** What is to be written of the sound, and where. */
export interface DumpWish {
  readonly stages: readonly DumpStage[];
  /** A whole path; a new folder of the profile where left out. */
  readonly folder?: string | undefined;
}

export interface RecordingWish {
  readonly isPerSpeaker: boolean;
  /** As of a dump. */
  readonly folder?: string | undefined;
}

const chaosWish = z
  .strictObject({
    lossPct: z.number(),
    burstLength: z.number(),
    delayMs: z.number(),
    jitterMs: z.number(),
    reorderPct: z.number(),
    duplicatePct: z.number(),
  })
  .nullable();
const directionWish = z.enum(['outgoing', 'incoming']);
const folderWish = z.string().max(1_000).refine(isAbsolute, 'give the whole path').optional();
const dumpWish = z.strictObject({
  stages: z
    .array(z.enum(['microphone', 'processed', 'heard', 'speakers']))
    .min(1)
    .max(4),
  folder: folderWish,
});
const recordingWish = z.strictObject({ isPerSpeaker: z.boolean(), folder: folderWish });

/** What the tools of one window need of the process behind it. */
export interface DeveloperHost {
  readonly engine: Engine;
  readonly log: ClientLog;
  readonly profileFolder: string;
  /** All that windows are shown now, as they are shown it. */
  readonly readState: () => object;
}

/**
 * The commands of a window's developer panel. What it watches it watches until it says otherwise or
 * is gone: one for each window. All reject with ClientError `invalidInput` where they are told
 * nonsense.
 */
export class DeveloperTools {
  private stopDiagnostics: (() => void) | null = null;
  private stopLog: (() => void) | null = null;
  private pinned: object | null = null;

  constructor(private readonly host: DeveloperHost) {}

  /** Whether `state.diagnostics` is wanted. */
  watchDiagnostics(isOn: boolean): void {
    const { diagnostics } = this.host.engine;
    if (isOn) this.stopDiagnostics ??= diagnostics.watch();
    else this.stopDiagnostics = ended(this.stopDiagnostics);
  }

  /** Whether `state.log` is wanted. */
  watchLog(isOn: boolean): void {
    if (isOn) this.stopLog ??= this.host.log.watch();
    else this.stopLog = ended(this.stopLog);
  }

  /** @param settings null: the network as it is */
  setChaos(direction: ChaosDirection, settings: ChaosSettings | null): void {
    const { engine } = this.host;
    const lines = { outgoing: engine.chaos, incoming: engine.incomingChaos };
    lines[checked(directionWish, direction)].set(checked(chaosWish, settings));
  }

  /** What comes of it is `state.audio.dump`. @returns the folder */
  startDump(wish: DumpWish): string {
    const { stages, folder = this.newPlace('dumps') } = checked(dumpWish, wish);
    const wished = dumpStages.filter((stage) => stages.includes(stage));
    this.host.engine.sound.startDump(folder, wished);
    return folder;
  }

  stopDump(): void {
    this.host.engine.sound.stopDump();
  }

  /** Others are shown it. What comes of it is `state.audio.recording`. @returns the folder */
  startRecording(wish: RecordingWish): string {
    const { isPerSpeaker, folder = this.newPlace('recordings') } = checked(recordingWish, wish);
    const perSpeaker = isPerSpeaker && { perSpeakerFolder: join(folder, 'speakers') };
    const outPath = join(folder, 'recording.wav');
    this.host.engine.sound.startRecording({ outPath, ...perSpeaker });
    return folder;
  }

  stopRecording(): void {
    this.host.engine.sound.stopRecording();
  }

  /** All that is kept, oldest first. */
  readLog(): readonly LogEntry[] {
    return this.host.log.read();
  }

  platform(): PlatformFacts {
    const processors = cpus();
    return {
      clientVersion: clientVersion(),
      nodeVersion: process.version,
      platform: process.platform,
      release: release(),
      architecture: process.arch,
      processor: processors[0]?.model ?? '',
      cores: processors.length,
      memoryBytes: totalmem(),
    };
  }

  /** Keeps the state of this moment to be compared: what the window is shown with the answer. */
  pinState(): void {
    this.pinned = this.host.readState();
  }

  /** Part by part, so that nothing else waits long. What was pinned is forgotten. */
  async hashPinned(): Promise<PartHashes> {
    const pinned = this.pinned ?? this.host.readState();
    this.pinned = null;
    const hashes: Record<string, string> = {};
    for (const [name, part] of Object.entries(pinned)) hashes[name] = await stateHash(part);
    return hashes;
  }

  /** The window is gone. */
  close(): void {
    this.stopDiagnostics = ended(this.stopDiagnostics);
    this.stopLog = ended(this.stopLog);
    this.pinned = null;
  }

  /** Named by the time, so that a person finds it again. */
  private newPlace(kind: 'dumps' | 'recordings'): string {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    return join(this.host.profileFolder, kind, `${stamp}-${randomUUID().slice(0, 4)}`);
  }
}

function ended(stop: (() => void) | null): null {
  stop?.();
  return null;
}
