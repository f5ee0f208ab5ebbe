import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { ClientError } from '../../clientError.js';

/** What happens to packets on their way; with all of them 0 (and bursts of 1) nothing does. */
export interface ChaosSettings {
  /** Share of the packets that get lost, 0 … 100. */
  readonly lossPct: number;
  /**
   * Mean number of packets that get lost one after another, 1 … 100. Never fewer than chance makes
   * of the loss, 1 / (1 − loss): that is what 1 stands for.
   */
  readonly burstLength: number;
  /** Added to all, 0 … 1,000. */
  readonly delayMs: number;
  /** Up to so much more, evenly spread, 0 … 1,000; none overtakes another by it. */
  readonly jitterMs: number;
  /** Share of the packets that come after later ones, 0 … 100. */
  readonly reorderPct: number;
  /** Share of the packets that come twice, 0 … 100. */
  readonly duplicatePct: number;
}

export const noChaos: ChaosSettings = {
  lossPct: 0,
  burstLength: 1,
  delayMs: 0,
  jitterMs: 0,
  reorderPct: 0,
  duplicatePct: 0,
};

const ranges: { readonly [Name in keyof ChaosSettings]: readonly [min: number, max: number] } = {
  lossPct: [0, 100],
  burstLength: [1, 100],
  // What is later than the relay's window against replays reaches would count as replayed.
  delayMs: [0, 1_000],
  jitterMs: [0, 1_000],
  reorderPct: [0, 100],
  duplicatePct: [0, 100],
};

/** @throws ClientError `invalidInput` naming what is out of its range, and the range */
export function checkChaos(settings: ChaosSettings): void {
  for (const name of Object.keys(ranges) as (keyof ChaosSettings)[]) {
    const [min, max] = ranges[name];
    const value = settings[name];
    if (value >= min && value <= max) continue;
    const text = `${name} of the simulated network is ${value}: give ${min} to ${max}`;
    throw new ClientError('invalidInput', text);
  }
}

/** What became of the packets; those of `taken` that are in no other came once and in order. */
export interface ChaosCounters {
  taken: number;
  lost: number;
  reordered: number;
  duplicated: number;
  /** Dropped because more waited than there is room for. */
  overflowed: number;
}

/** Longer than the longest frame, so that the next packet of who speaks on is sooner. */
export const reorderedByMs = 70;

/** Packets that wait at a time: 2 s of the shortest frames, and some. */
export const chaosPacketsMax = 256;

/**
 * A bad network: takes packets, and gives them back later, in another order, twice or not at all.
 * Losses come in bursts as in the model of Gilbert ("Capacity of a burst-noise channel", 1960): all
 * is lost in the bad state and nothing in the good one.
 *
 * Pure: time and chance are passed in. Its memory is fixed; no call allocates.
 */
export class Chaos {
  readonly counters: ChaosCounters;
  readonly #settings: ChaosSettings;
  readonly #chance: () => number;
  /** Of a packet of the good state to be the first of a burst, and of one of a burst the last. */
  readonly #burstBegins: number;
  readonly #burstEnds: number;
  readonly #packets = new Uint8Array(chaosPacketsMax * voicePacketBytesMax);
  readonly #lengths = new Uint16Array(chaosPacketsMax);
  readonly #copies = new Uint8Array(chaosPacketsMax);
  readonly #dueMs = new Float64Array(chaosPacketsMax);
  /** Slots: those that wait, the one due first at the end; behind them the free ones. */
  readonly #slots = Uint16Array.from({ length: chaosPacketsMax }, (_, slot) => slot);
  #waiting = 0;
  #isInBurst: boolean;
  #lastDueMs = -Infinity;

  /**
   * @param chance a new number 0 … 1, 1 excluded, with every call
   * @param counters go on counting
   * @throws ClientError as checkChaos()
   */
  constructor(settings: ChaosSettings, chance: () => number, counters = newChaosCounters()) {
    checkChaos(settings);
    this.#settings = settings;
    this.#chance = chance;
    this.counters = counters;
    const loss = settings.lossPct / 100;
    const burstLength = Math.max(settings.burstLength, 1 / (1 - loss));
    this.#burstEnds = 1 / burstLength;
    // So that the bad state holds for `loss` of the packets in the long run.
    this.#burstBegins = loss === 1 ? 1 : loss / (burstLength * (1 - loss));
    this.#isInBurst = chance() < loss;
  }

  /** Packets that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a packet in; copied. @param packet at most voicePacketBytesMax bytes */
  push(packet: Uint8Array, packetBytes: number, nowMs: number): void {
    const { counters } = this;
    const { delayMs, jitterMs, reorderPct, duplicatePct } = this.#settings;
    counters.taken++;
    if (this.#isLost()) {
      counters.lost++;
      return;
    }
    if (this.#waiting === chaosPacketsMax) {
      counters.overflowed++;
      return;
    }
    const inOrderMs = Math.max(nowMs + delayMs + jitterMs * this.#chance(), this.#lastDueMs);
    const isReordered = this.#happens(reorderPct);
    const isDuplicated = this.#happens(duplicatePct);
    if (isReordered) counters.reordered++;
    else this.#lastDueMs = inOrderMs;
    if (isDuplicated) counters.duplicated++;
    const slot = this.#insert(isReordered ? inOrderMs + reorderedByMs : inOrderMs);
    this.#packets.set(packet.subarray(0, packetBytes), slot * voicePacketBytesMax);
    this.#lengths[slot] = packetBytes;
    this.#copies[slot] = isDuplicated ? 2 : 1;
  }

  /** When the next packet is to go on its way; Infinity where none waits. */
  nextDueMs(): number {
    return this.#waiting === 0 ? Infinity : this.#dueMs[this.#slots[this.#waiting - 1]!]!;
  }

  /**
   * Gives the next packet whose time has come.
   *
   * @param into at least voicePacketBytesMax bytes
   * @returns its bytes; 0 where there is none
   */
  pop(into: Uint8Array, nowMs: number): number {
    if (this.#waiting === 0 || this.nextDueMs() > nowMs) return 0;
    const slot = this.#slots[this.#waiting - 1]!;
    const packetBytes = this.#lengths[slot]!;
    const at = slot * voicePacketBytesMax;
    into.set(this.#packets.subarray(at, at + packetBytes));
    this.#copies[slot]!--;
    if (this.#copies[slot] === 0) this.#waiting--;
    return packetBytes;
  }

  /** Forgets all that wait. */
  clear(): void {
    this.#waiting = 0;
  }

  #happens(sharePct: number): boolean {
    return this.#chance() * 100 < sharePct;
  }

  #isLost(): boolean {
    const isLost = this.#isInBurst;
    const changes = this.#chance() < (isLost ? this.#burstEnds : this.#burstBegins);
    this.#isInBurst = isLost !== changes;
    return isLost;
  }

  /** @returns the slot of a packet that waits behind all that are due no later */
  #insert(dueMs: number): number {
    const slots = this.#slots;
    const slot = slots[this.#waiting]!;
    let place = this.#waiting;
    while (place > 0 && this.#dueMs[slots[place - 1]!]! <= dueMs) place--;
    slots.copyWithin(place + 1, place, this.#waiting);
    slots[place] = slot;
    this.#dueMs[slot] = dueMs;
    this.#waiting++;
    return slot;
  }
}

export function newChaosCounters(): ChaosCounters {
  return { taken: 0, lost: 0, reordered: 0, duplicated: 0, overflowed: 0 };
}
