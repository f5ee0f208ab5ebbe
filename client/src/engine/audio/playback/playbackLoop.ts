import { stepSamples } from '../audioLimits.js';
import type { SoundPluginMemory } from '../plugins/soundPluginTable.js';
import { RecordKind, type VoiceRecordReader } from '../voiceRecords.js';
import { OutputFeed, type OutputStream } from './outputFeed.js';
import type { Playback } from './playback.js';
import type { PlaybackTable } from './playbackTables.js';
import { StepClock } from './stepClock.js';

/** A thread that waits for a device looks again after so long: commands come by another ring. */
const lookEveryMs = 10;
const usPerMs = 1_000;

/** Rare commands, which come as messages: each follows its record of kind Message. */
export type PlaybackCommand =
  | { readonly kind: 'attach'; readonly output: OutputStream | null }
  | { readonly kind: 'ownVoice'; readonly ring: SharedArrayBuffer | null }
  | { readonly kind: 'taps'; readonly rings: readonly SharedArrayBuffer[] }
  | { readonly kind: 'plugins'; readonly plugins: readonly SoundPluginMemory[] }
  | { readonly kind: 'tone'; readonly hz: number; readonly ms: number }
  | { readonly kind: 'deafen'; readonly isDeafened: boolean };

/**
 * When what is done: records are taken as they come, and a step is made whenever the device's ring
 * holds less than it should, so that the device is what paces the sound. A clock does where there
 * is no device, or one that takes nothing. It is told the time, and waits for nobody; one thread.
 * Allocates nothing in a turn without commands.
 */
export class PlaybackLoop {
  readonly #playback: Playback;
  readonly #records: VoiceRecordReader;
  readonly #nextCommand: () => PlaybackCommand;
  readonly #table: PlaybackTable;
  readonly #clock = new StepClock();
  readonly #stereo = new Float32Array(2 * stepSamples);
  #feed: OutputFeed | null = null;
  #isOver = false;

  /** @param nextCommand gives the command of a record that announced one */
  constructor(
    playback: Playback,
    records: VoiceRecordReader,
    nextCommand: () => PlaybackCommand,
    table: PlaybackTable,
  ) {
    this.#playback = playback;
    this.#records = records;
    this.#nextCommand = nextCommand;
    this.#table = table;
  }

  /** Whether it was told to end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The device's ring, whose header wakes; null where nothing but commands does. */
  get deviceHeader(): OutputFeed['header'] | null {
    return this.#feed?.header ?? null;
  }

  /**
   * Does all that is to be done now.
   *
   * @param nowMs of the clock that records are stamped by
   * @returns after how many milliseconds to call it again at the latest
   */
  turn(nowMs: number): number {
    if (this.#feed?.isOver === true) this.#attach(null);
    const feed = this.#feed;
    if (feed !== null) this.#table.columns.underruns.add(0, feed.observe(nowMs));
    const isPaced = feed !== null && (feed.isHungry || !feed.isStalled(nowMs));
    if (!isPaced) this.#countLate(this.#clock.skip(nowMs));
    else if (feed.isHungry) this.#countLate(this.#clock.follow(nowMs, feed.aheadMs));
    this.#takeRecords();
    // Whoever was attached, or the end, is seen to in the next turn.
    if (this.#isOver || this.#feed !== feed) return 0;
    if (isPaced) {
      this.#report(feed);
      while (feed.isHungry) feed.feed(this.#makeStep());
      return lookEveryMs;
    }
    while (this.#clock.dueMs <= nowMs) this.#makeStep();
    return this.#clock.dueMs - nowMs;
  }

  #makeStep(): Float32Array {
    this.#playback.step(this.#clock.next, this.#stereo);
    this.#clock.advance();
    return this.#stereo;
  }

  #takeRecords(): void {
    const records = this.#records;
    while (!this.#isOver && records.next()) {
      if (records.kind === RecordKind.Close) this.#isOver = true;
      else if (records.kind === RecordKind.Message) this.#obey(this.#nextCommand());
      else {
        this.#clock.place(records.atMs);
        this.#playback.apply(records, this.#clock.step, this.#clock.earlyThousandths);
      }
    }
  }

  #obey(command: PlaybackCommand): void {
    switch (command.kind) {
      case 'attach':
        this.#attach(command.output);
        return;
      case 'ownVoice':
        this.#playback.setOwnVoice(command.ring);
        return;
      case 'taps':
        this.#playback.setTaps(command.rings);
        return;
      case 'plugins':
        this.#playback.setPlugins(command.plugins);
        return;
      case 'tone':
        this.#playback.playTone(command.hz, command.ms);
        return;
      case 'deafen':
        this.#playback.setDeafened(command.isDeafened);
    }
  }

  #attach(output: OutputStream | null): void {
    const feed = output === null ? null : new OutputFeed(output);
    if (feed === null) this.#clock.detach();
    else this.#clock.attach(feed.bufferMs);
    this.#feed = feed;
    this.#table.columns.hasDevice.store(0, feed === null ? 0 : 1);
  }

  #countLate(steps: number): void {
    if (steps > 0) this.#table.columns.lateSteps.add(0, steps);
  }

  #report(feed: OutputFeed): void {
    const { columns } = this.#table;
    if (!feed.isHungry) return;
    columns.ringTargetUs.store(0, Math.round(feed.targetMs * usPerMs));
    columns.ringHeldUs.store(0, Math.round(feed.heldMs * usPerMs));
  }
}
