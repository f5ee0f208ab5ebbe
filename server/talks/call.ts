import type { Uuid } from '@rookery/schemas/messages';

/** What a call begins with. */
export interface CallStart {
  readonly talkId: Uuid;
  /** Who takes part in the talk. */
  readonly userIds: readonly Uuid[];
  /** Since 1970. */
  readonly startedAtMs: number;
  /** Until then it rings at who comes to the server; -Infinity where it rings at nobody. */
  readonly ringsUntilMs: number;
}

/** One call: who is in it, at whom it rings, and who declined it. Pure: time is passed in. */
export class Call {
  readonly talkId: Uuid;
  readonly startedAtMs: number;
  readonly #ringsUntilMs: number;
  #userIds: readonly Uuid[];
  /** Token of each user who is in it, in the order in which they came. */
  readonly #members = new Map<Uuid, number>();
  /** Until when it rings at whom. */
  readonly #ringing = new Map<Uuid, number>();
  readonly #declined = new Set<Uuid>();
  /** Who came or declined: they know of it, and it does not ring at them by itself. */
  readonly #answered = new Set<Uuid>();

  constructor({ talkId, userIds, startedAtMs, ringsUntilMs }: CallStart) {
    this.talkId = talkId;
    this.startedAtMs = startedAtMs;
    this.#userIds = userIds;
    this.#ringsUntilMs = ringsUntilMs;
  }

  get isOver(): boolean {
    return this.#members.size === 0;
  }

  /** Who takes part in the talk. */
  get userIds(): readonly Uuid[] {
    return this.#userIds;
  }

  /** User and token of each who is in it, in the order in which they came. */
  get members(): ReadonlyMap<Uuid, number> {
    return this.#members;
  }

  get ringingUserIds(): readonly Uuid[] {
    return [...this.#ringing.keys()];
  }

  get declinedUserIds(): readonly Uuid[] {
    return [...this.#declined];
  }

  enter(userId: Uuid, sessionToken: number): void {
    this.#members.set(userId, sessionToken);
    this.#ringing.delete(userId);
    this.#declined.delete(userId);
    this.#answered.add(userId);
  }

  /** With the last one it is over, and rings nowhere. */
  leave(userId: Uuid): void {
    this.#members.delete(userId);
    if (!this.isOver) return;
    this.#ringing.clear();
    this.#declined.clear();
  }

  /** Rings at somebody, also at one who declined; not at one who is in it. */
  ring(userId: Uuid, untilMs: number): void {
    if (this.#members.has(userId)) return;
    this.#declined.delete(userId);
    this.#ringing.set(userId, untilMs);
  }

  /** Somebody comes to the server while it may ring. @returns whether it rings at them now */
  ringAtNewcomer(userId: Uuid, nowMs: number): boolean {
    if (this.#ringsUntilMs <= nowMs || this.#answered.has(userId)) return false;
    this.ring(userId, this.#ringsUntilMs);
    return true;
  }

  decline(userId: Uuid): void {
    if (this.#members.has(userId)) return;
    this.#ringing.delete(userId);
    this.#declined.add(userId);
    this.#answered.add(userId);
  }

  /** @returns whether it rang at somebody for long enough */
  endRings(nowMs: number): boolean {
    let isChanged = false;
    for (const [userId, untilMs] of this.#ringing) {
      if (untilMs <= nowMs) isChanged = this.#ringing.delete(userId);
    }
    return isChanged;
  }

  /** Others take part in the talk. @returns who is in the call and may be no longer */
  changeUsers(userIds: readonly Uuid[]): Uuid[] {
    this.#userIds = userIds;
    const isStranger = (userId: Uuid): boolean => !userIds.includes(userId);
    for (const userId of [...this.#ringing.keys(), ...this.#declined].filter(isStranger)) {
      this.#ringing.delete(userId);
      this.#declined.delete(userId);
    }
    return [...this.#members.keys()].filter(isStranger);
  }
}
