import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SoundUse } from '@rookery/plugins/sound/soundUse';
import { ClientError } from '../../clientError.js';
import { soundPluginLimits } from './soundPluginLimits.js';
import {
  createSoundPluginMemory,
  soundPluginTable,
  switchedOffBy,
  type SoundPluginMemory,
} from './soundPluginTable.js';

/** What `soundPluginWorker.ts` is started with. */
export interface SoundPluginWorkerData {
  readonly wasm: Uint8Array;
  readonly use: SoundUse;
  readonly memory: SoundPluginMemory;
}

/** Why a plugin changes sound no longer. */
export type SoundPluginFault = 'unstartable' | 'late' | 'trapped' | 'stuck' | 'died';

/** What became of the sound that went to a plugin; counts wrap at 2^32. */
export interface SoundPluginCounts {
  readonly exchanges: number;
  /** Sound that went on unchanged. */
  readonly late: number;
  readonly trapped: number;
}

/** How long a plugin is waited for, where not as long as usually. */
export interface Patience {
  readonly startMsMax?: number;
  readonly deadlineMs?: number;
}

const { startMsMax: usualStartMs } = soundPluginLimits;

/** A plugin in a thread of its own. Used by the thread that started it. */
export class SoundPluginThread {
  private readonly columns;
  private looks = 0;
  private asked = -1;

  private constructor(
    private readonly worker: Worker,
    readonly memory: SoundPluginMemory,
    /** Resolves when the thread has ended. */
    readonly ended: Promise<void>,
  ) {
    this.columns = soundPluginTable.attach(memory.table).columns;
  }

  /**
   * Loads the plugin.
   *
   * @throws ClientError `pluginFailed` where it does not start, or takes too long; nothing is left
   */
  static async start(
    wasm: Uint8Array,
    use: SoundUse,
    { startMsMax = usualStartMs, deadlineMs = soundPluginLimits.deadlineMs[use] }: Patience = {},
  ): Promise<SoundPluginThread> {
    const memory = createSoundPluginMemory(deadlineMs);
    const workerData: SoundPluginWorkerData = { wasm, use, memory };
    const worker = new Worker(new URL('./soundPluginWorker.js', import.meta.url), {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: soundPluginLimits.threadHeapMiB },
    });
    const starting = new AbortController();
    const { signal } = starting;
    // Later faults end the thread, which is what is looked at.
    worker.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    try {
      const tooLong = delay(startMsMax, 'late' as const, { signal });
      const came = await Promise.race([once(worker, 'message', { signal }), ended, tooLong]);
      if (came === 'late') throw unstartable('it took too long');
      if (came === undefined) throw unstartable('its thread ended');
      return new SoundPluginThread(worker, memory, ended);
    } catch (cause) {
      await worker.terminate();
      if (cause instanceof ClientError) throw cause;
      throw unstartable(cause instanceof Error ? cause.message : String(cause), cause);
    } finally {
      starting.abort();
    }
  }

  get counts(): SoundPluginCounts {
    const { asked, late, trapped } = this.columns;
    return { exchanges: asked.load(0), late: late.load(0), trapped: trapped.load(0) };
  }

  /** Tells it of a key, with the next sound that goes to it. @param key below `keysMax` */
  key(key: number, isDown: boolean): void {
    const { keyEdges } = this.columns;
    if (keyEdges.load(0, key) % 2 !== Number(isDown)) keyEdges.add(0, key, 1);
  }

  /** To be called every `lookEveryMs`. @returns why it is to be ended; null: it does well */
  look(): SoundPluginFault | null {
    const by = this.columns.switchedOff.load(0);
    if (by === switchedOffBy.late) return 'late';
    if (by === switchedOffBy.trapped) return 'trapped';
    const asked = this.columns.asked.load(0);
    const isAtWork = this.columns.done.load(0) !== asked;
    this.looks = isAtWork && asked === this.asked ? this.looks + 1 : 0;
    this.asked = asked;
    return this.looks >= soundPluginLimits.stuckLooksMax ? 'stuck' : null;
  }

  /** Also out of a call that never ends. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

function unstartable(why: string, cause?: unknown): ClientError {
  return new ClientError('pluginFailed', `the plugin did not start: ${why}`, { cause });
}
