import type { SoundUse } from '@rookery/plugins/sound/soundUse';
import type { CaptureThread } from '../capture/captureThread.js';
import type { PlaybackThread } from '../playback/playbackThread.js';
import { soundPluginLimits } from './soundPluginLimits.js';
import {
  SoundPluginThread,
  type SoundPluginCounts,
  type SoundPluginFault,
} from './soundPluginThread.js';

/** A plugin that is to change sound. Another object is another plugin. */
export interface SoundPlugin {
  readonly name: string;
  /** Of its module, in hexadecimal. */
  readonly sha256: string;
  readonly use: SoundUse;
  readonly wasm: Uint8Array;
  /** Names of the actions that keys can be bound to, in the manifest's order. */
  readonly keys: readonly string[];
}

/** The threads whose sound is changed. */
export interface SoundThreads {
  readonly capture: Pick<CaptureThread, 'setPlugins'>;
  readonly playback: Pick<PlaybackThread, 'setPlugins'>;
}

/** What is told of a plugin: it was given up. */
export interface SoundPluginEnd {
  readonly plugin: SoundPlugin;
  readonly fault: SoundPluginFault;
  /** Of a fault that has words of its own. */
  readonly detail: string;
}

const noCounts: SoundPluginCounts = { exchanges: 0, late: 0, trapped: 0 };

/**
 * Plugins that change sound: each in a thread of its own, while there is sound. Whichever fails is
 * out of the way at once, because sound does not wait for it; here its thread is ended and it is
 * told. One that was given up is not started again before it is asked for anew.
 */
export class SoundPlugins {
  private wanted: readonly SoundPlugin[] = [];
  private threads: SoundThreads | null = null;
  private readonly running = new Map<SoundPlugin, SoundPluginThread>();
  private readonly givenUp = new WeakSet<SoundPlugin>();
  private readonly listeners = new Set<(end: SoundPluginEnd) => void>();
  private looking: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  /** From now on these, in this order, and no others; of each use so many as there may be. */
  run(plugins: readonly SoundPlugin[]): void {
    this.wanted = plugins;
    this.apply();
  }

  /** The threads of sound are there; null: they are gone. */
  attach(threads: SoundThreads | null): void {
    this.threads = threads;
    this.apply();
  }

  /** Told of each plugin that was given up. @returns ends it */
  subscribe(listener: (end: SoundPluginEnd) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** What became of the sound that went to it since it was started. */
  countsOf(plugin: SoundPlugin): SoundPluginCounts {
    return this.running.get(plugin)?.counts ?? noCounts;
  }

  /** A key went down or up. @param key index in `SoundPlugin.keys`; of another nothing is told */
  key(plugin: SoundPlugin, key: number, isDown: boolean): void {
    if (plugin.keys[key] !== undefined) this.running.get(plugin)?.key(key, isDown);
  }

  /** Resolves when what was wished for so far is so. */
  settled(): Promise<void> {
    return this.work;
  }

  private apply(): void {
    this.work = this.work.then(() => this.follow());
  }

  private async follow(): Promise<void> {
    const wanted = this.threads === null ? [] : this.allowed();
    const gone = [...this.running].filter(([plugin]) => !wanted.includes(plugin));
    for (const [plugin] of gone) this.running.delete(plugin);
    // Nobody asks a thread that is about to end.
    this.tellThreads();
    await Promise.all(gone.map(([, thread]) => thread.close()));
    await Promise.all(wanted.map((plugin) => this.start(plugin)));
    this.tellThreads();
    clearInterval(this.looking);
    if (this.running.size === 0) return;
    this.looking = setInterval(() => this.look(), soundPluginLimits.lookEveryMs);
    this.looking.unref();
  }

  private allowed(): readonly SoundPlugin[] {
    const { pluginsMax } = soundPluginLimits;
    const uses = ['capture', 'perSpeaker'] as const;
    const able = this.wanted.filter((plugin) => !this.givenUp.has(plugin));
    return uses.flatMap((use) => able.filter((plugin) => plugin.use === use).slice(0, pluginsMax));
  }

  private async start(plugin: SoundPlugin): Promise<void> {
    if (this.running.has(plugin)) return;
    try {
      const thread = await SoundPluginThread.start(plugin.wasm, plugin.use);
      this.running.set(plugin, thread);
      void thread.ended.then(() => {
        if (this.running.get(plugin) === thread) this.giveUp(plugin, 'died');
      });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.giveUp(plugin, 'unstartable', detail);
    }
  }

  private tellThreads(): void {
    const of = (use: SoundUse) =>
      this.wanted.flatMap((plugin) => {
        const thread = plugin.use === use ? this.running.get(plugin) : undefined;
        return thread === undefined ? [] : [thread.memory];
      });
    this.threads?.capture.setPlugins(of('capture'));
    this.threads?.playback.setPlugins(of('perSpeaker'));
  }

  private look(): void {
    for (const [plugin, thread] of this.running) {
      const fault = thread.look();
      if (fault !== null) this.giveUp(plugin, fault);
    }
  }

  private giveUp(plugin: SoundPlugin, fault: SoundPluginFault, detail = ''): void {
    this.givenUp.add(plugin);
    for (const listener of this.listeners) listener({ plugin, fault, detail });
    this.apply();
  }
}
