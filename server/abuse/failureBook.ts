import type { Uuid } from '@rookery/schemas/messages';
import type { FailureLimits } from '../abuseLimits.js';

/** Who is shut out, since when and until when, by the clock of the book. */
export interface TemporaryBan {
  readonly key: string;
  readonly banId: Uuid;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** The failure that was one too many. */
  readonly cause: string;
  /** How often it was shut out lately, this time included. */
  readonly bans: number;
}

/** Is told of each ban that is remembered from now on, and of each that is no longer. */
export interface BanJournal {
  put(ban: TemporaryBan): void;
  remove(banId: Uuid): void;
}

/** Failures that are not forgiven yet. */
interface Suspect {
  failures: number;
  countedAtMs: number;
}

/** Somebody who was shut out, and may still be. */
interface Banned {
  readonly banId: Uuid;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly cause: string;
  readonly bans: number;
  /** Attempts while shut out. */
  refusals: number;
}

/**
 * Counts the failures of each key and shuts out who has too many: for a while, and for longer each
 * time. Memory is bounded: of more suspects or banned than are remembered, those who did nothing
 * for the longest time are forgotten. Pure: the clock is the caller's.
 */
export class FailureBook {
  readonly #limits: FailureLimits;
  readonly #newId: () => Uuid;
  readonly #journal: BanJournal;
  /** Both in the order of the last failure. */
  readonly #suspects = new Map<string, Suspect>();
  readonly #banned = new Map<string, Banned>();

  /** @param newId of a ban; each greater than all before */
  constructor(limits: FailureLimits, newId: () => Uuid, journal: BanJournal) {
    this.#limits = limits;
    this.#newId = newId;
    this.#journal = journal;
  }

  get suspectCount(): number {
    return this.#suspects.size;
  }

  /** Takes a ban of before, which is forgotten where none are made or it is over for long. */
  restore({ key, banId, sinceMs, untilMs, cause, bans }: TemporaryBan, nowMs: number): void {
    const { failuresMax, rememberedMs, entriesMax } = this.#limits;
    if (failuresMax === 0 || nowMs - untilMs > rememberedMs || this.#banned.size >= entriesMax) {
      this.#journal.remove(banId);
      return;
    }
    this.#forget(key);
    this.#banned.set(key, { banId, sinceMs, untilMs, cause, bans, refusals: 0 });
  }

  /**
   * @param cause what failed
   * @param weight failures that this one counts for; 0 counts for none
   */
  note(key: string, cause: string, weight: number, nowMs: number): void {
    const { failuresMax, entriesMax } = this.#limits;
    if (weight === 0 || failuresMax === 0 || this.banMsLeft(key, nowMs) > 0) return;
    const failures = this.#failuresOf(key, nowMs) + weight;
    this.#suspects.delete(key);
    // What is forgiven within seconds of one another does not count.
    if (Math.ceil(failures) >= failuresMax) {
      this.#ban(key, cause, nowMs);
      return;
    }
    if (this.#suspects.size >= entriesMax) this.#suspects.delete(firstKey(this.#suspects));
    this.#suspects.set(key, { failures, countedAtMs: nowMs });
  }

  /** @returns how long the key is still shut out, 0 for one that is not */
  banMsLeft(key: string, nowMs: number): number {
    const untilMs = this.#banned.get(key)?.untilMs ?? 0;
    return Math.max(0, untilMs - nowMs);
  }

  /** Somebody who is shut out has tried nevertheless, and was told. */
  noteRefused(key: string): void {
    const banned = this.#banned.get(key);
    if (banned !== undefined) banned.refusals += 1;
  }

  /** Whether it is shut out and goes on as if it had not been told. */
  isStubborn(key: string, nowMs: number): boolean {
    if (this.banMsLeft(key, nowMs) === 0) return false;
    return this.#banned.get(key)!.refusals >= this.#limits.toldMax;
  }

  /** Those who are shut out now. */
  list(nowMs: number): TemporaryBan[] {
    const bans: TemporaryBan[] = [];
    for (const [key, banned] of this.#banned) {
      if (banned.untilMs > nowMs) bans.push({ key, ...banned });
    }
    return bans;
  }

  /** Forgets all that is held against a key. @returns whether it was shut out */
  lift(key: string, nowMs: number): boolean {
    const wasBanned = this.banMsLeft(key, nowMs) > 0;
    this.#forget(key);
    this.#suspects.delete(key);
    return wasBanned;
  }

  /** Forgets those of whom nothing is remembered any more. Call now and then. */
  sweep(nowMs: number): void {
    for (const key of this.#suspects.keys()) {
      if (this.#failuresOf(key, nowMs) === 0) this.#suspects.delete(key);
    }
    for (const [key, { untilMs }] of this.#banned) {
      if (nowMs - untilMs > this.#limits.rememberedMs) this.#forget(key);
    }
  }

  #failuresOf(key: string, nowMs: number): number {
    const suspect = this.#suspects.get(key);
    if (suspect === undefined) return 0;
    const forgiven = ((nowMs - suspect.countedAtMs) * this.#limits.forgivenPerMinute) / 60_000;
    return Math.max(0, suspect.failures - forgiven);
  }

  #ban(key: string, cause: string, nowMs: number): void {
    const { banMsMin, banMsMax, rememberedMs, entriesMax } = this.#limits;
    const before = this.#banned.get(key);
    const isRemembered = before !== undefined && nowMs - before.untilMs <= rememberedMs;
    const bans = isRemembered ? before.bans + 1 : 1;
    this.#forget(key);
    if (this.#banned.size >= entriesMax) this.#forget(firstKey(this.#banned));
    const banMs = Math.min(banMsMax, banMsMin * 2 ** (bans - 1));
    const times = { sinceMs: nowMs, untilMs: nowMs + banMs };
    const ban = { banId: this.#newId(), ...times, cause, bans };
    this.#banned.set(key, { ...ban, refusals: 0 });
    this.#journal.put({ key, ...ban });
  }

  #forget(key: string): void {
    const banned = this.#banned.get(key);
    if (banned === undefined) return;
    this.#banned.delete(key);
    this.#journal.remove(banned.banId);
  }
}

/** Of a map that is not empty. */
function firstKey(map: ReadonlyMap<string, unknown>): string {
  const [key] = map.keys();
  return key!;
}
