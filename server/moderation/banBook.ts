import type { Uuid } from '@rookery/schemas/messages';
import type { ModerationLimits } from '../moderationLimits.js';
import type { Bans, StoredBan } from '../store/bans.js';
import { MessageIds } from '../store/messageIds.js';
import { isOwnMachine, parseAddress, rangeKey, rangeOf } from './addressRange.js';

export interface BanBookOptions {
  readonly bans: Bans;
  readonly limits: ModerationLimits;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** What a ban is made of. */
export type NewBan = Pick<StoredBan, 'userId' | 'range' | 'reason' | 'byId' | 'expiresAtMs'>;

/**
 * Who is kept away. All of it is in memory too, so that the door can be asked at each knock: a
 * question costs as many look-ups as there are different lengths of ranges. Main thread.
 */
export class BanBook {
  readonly #options: BanBookOptions;
  readonly #ids: MessageIds;
  /** In the order in which they were made. */
  readonly #bans = new Map<Uuid, StoredBan>();
  readonly #byUser = new Map<Uuid, Set<StoredBan>>();
  /** By how many bits count, then by rangeKey(). */
  readonly #byRange = new Map<number, Map<string, Set<StoredBan>>>();

  constructor(options: BanBookOptions) {
    this.#options = options;
    const kept = options.bans.list();
    this.#ids = new MessageIds(kept.at(-1)?.banId ?? null);
    for (const ban of kept) this.#index(ban);
    this.#forgetEnded();
  }

  /** The ban of a user that holds longest; null for none. */
  ofUser(userId: Uuid): StoredBan | null {
    return this.#longest(this.#byUser.get(userId));
  }

  /**
   * The same of an address. Of the machine itself there is none, so that whoever runs the server
   * can always come in.
   *
   * @param host numeric; null or a name is never banned
   */
  ofAddress(host: string | null): StoredBan | null {
    if (this.#byRange.size === 0 || host === null) return null;
    const bytes = parseAddress(host);
    if (bytes === null || isOwnMachine(bytes)) return null;
    for (const [prefixBits, bans] of this.#byRange) {
      const ban = this.#longest(bans.get(rangeKey(rangeOf(bytes, prefixBits))));
      if (ban !== null) return ban;
    }
    return null;
  }

  /** Whether there can be one more. */
  get isFull(): boolean {
    this.#forgetEnded();
    return this.#bans.size >= this.#options.limits.bansMax;
  }

  /**
   * It holds at once when it is durable.
   *
   * @throws ServerError of the store, by the promise; nothing was changed then
   */
  async add(ban: NewBan): Promise<StoredBan> {
    const { bans, wallClockMs } = this.#options;
    const createdAtMs = wallClockMs();
    const stored = { ...ban, banId: this.#ids.next(createdAtMs), createdAtMs };
    await bans.put(stored);
    this.#index(stored);
    return stored;
  }

  find(banId: Uuid): StoredBan | null {
    const ban = this.#bans.get(banId);
    return ban !== undefined && this.#holds(ban) ? ban : null;
  }

  /** As add(). */
  async lift(ban: StoredBan): Promise<void> {
    await this.#options.bans.remove(ban.banId);
    this.#drop(ban);
  }

  /** Those that hold, made before another one, which need not be there; the newest first. */
  before(banId: Uuid | null, countMax: number): StoredBan[] {
    const found = [...this.#bans.values()].filter(
      (ban) => this.#holds(ban) && (banId === null || ban.banId < banId),
    );
    return found.slice(-countMax).reverse();
  }

  #holds({ expiresAtMs }: StoredBan): boolean {
    return expiresAtMs === null || expiresAtMs > this.#options.wallClockMs();
  }

  #longest(bans: Iterable<StoredBan> | undefined): StoredBan | null {
    let longest: StoredBan | null = null;
    for (const ban of bans ?? []) {
      if (!this.#holds(ban)) continue;
      if (longest === null || endOf(ban) > endOf(longest)) longest = ban;
    }
    return longest;
  }

  #forgetEnded(): void {
    const ended = [...this.#bans.values()].filter((ban) => !this.#holds(ban));
    for (const ban of ended) this.#drop(ban);
    this.#options.bans.forget(ended);
  }

  #index(ban: StoredBan): void {
    const { banId, userId, range } = ban;
    this.#bans.set(banId, ban);
    if (userId !== null) addTo(this.#byUser, userId, ban);
    if (range === null) return;
    const ranges = this.#byRange.get(range.prefixBits) ?? new Map<string, Set<StoredBan>>();
    this.#byRange.set(range.prefixBits, ranges);
    addTo(ranges, rangeKey(range), ban);
  }

  #drop(ban: StoredBan): void {
    const { banId, userId, range } = ban;
    this.#bans.delete(banId);
    if (userId !== null) takeFrom(this.#byUser, userId, ban);
    if (range === null) return;
    const ranges = this.#byRange.get(range.prefixBits);
    if (ranges === undefined) return;
    takeFrom(ranges, rangeKey(range), ban);
    if (ranges.size === 0) this.#byRange.delete(range.prefixBits);
  }
}

function endOf({ expiresAtMs }: StoredBan): number {
  return expiresAtMs ?? Infinity;
}

function addTo<Key>(sets: Map<Key, Set<StoredBan>>, key: Key, ban: StoredBan): void {
  const bans = sets.get(key);
  if (bans === undefined) sets.set(key, new Set([ban]));
  else bans.add(ban);
}

function takeFrom<Key>(sets: Map<Key, Set<StoredBan>>, key: Key, ban: StoredBan): void {
  const bans = sets.get(key);
  bans?.delete(ban);
  if (bans?.size === 0) sets.delete(key);
}
