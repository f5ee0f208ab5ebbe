import type { Uuid } from '@rookery/schemas/messages';
import type { StreamLimits } from '../streamLimits.js';

interface Heat {
  /** Messages of the second that began at startMs, and of the second before it. */
  startMs: number;
  count: number;
  countBefore: number;
  isHot: boolean;
  /** Since when fewer are written than a hot room has; null while there are more. */
  calmSinceMs: number | null;
}

/** Rooms in which nothing is written are forgotten, this often. */
const forgetIntervalMs = 10_000;

const windowMs = 1_000;

/**
 * In which rooms so much is written that they get a stream of their own. Pure: the clock is the
 * caller's. Holds the rooms of the last seconds, and hot ones until they have cooled down.
 */
export class RoomHeat {
  readonly #limits: StreamLimits;
  readonly #rooms = new Map<Uuid, Heat>();
  #forgottenAtMs = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** Counts one message. @returns whether the room is hot now */
  note(roomId: Uuid, nowMs: number): boolean {
    this.#forgetCold(nowMs);
    const heat = this.#heatOf(roomId, nowMs);
    roll(heat, nowMs);
    heat.count += 1;
    const elapsed = (nowMs - heat.startMs) / windowMs;
    this.#judge(heat, heat.count + heat.countBefore * (1 - elapsed), nowMs);
    return heat.isHot;
  }

  #judge(heat: Heat, perSecond: number, nowMs: number): void {
    const { hotMessagesPerSecond, calmMessagesPerSecond } = this.#limits;
    if (perSecond >= calmMessagesPerSecond) {
      heat.calmSinceMs = null;
      if (perSecond > hotMessagesPerSecond) heat.isHot = true;
      return;
    }
    heat.calmSinceMs ??= nowMs;
    if (this.#hasCooled(heat, nowMs)) heat.isHot = false;
  }

  #hasCooled({ calmSinceMs }: Heat, nowMs: number): boolean {
    return calmSinceMs !== null && nowMs - calmSinceMs >= this.#limits.coolDownMs;
  }

  #heatOf(roomId: Uuid, nowMs: number): Heat {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const heat = { startMs: nowMs, count: 0, countBefore: 0, isHot: false, calmSinceMs: nowMs };
    this.#rooms.set(roomId, heat);
    return heat;
  }

  #forgetCold(nowMs: number): void {
    if (nowMs - this.#forgottenAtMs < forgetIntervalMs) return;
    this.#forgottenAtMs = nowMs;
    for (const [roomId, heat] of this.#rooms) {
      roll(heat, nowMs);
      const isSilent = heat.count === 0 && heat.countBefore === 0;
      if (isSilent && (!heat.isHot || this.#hasCooled(heat, nowMs))) this.#rooms.delete(roomId);
    }
  }
}

function roll(heat: Heat, nowMs: number): void {
  const windows = Math.floor((nowMs - heat.startMs) / windowMs);
  if (windows === 0) return;
  // Nothing was written from the end of the last window on.
  if (windows > 1) heat.calmSinceMs ??= heat.startMs + 2 * windowMs;
  heat.countBefore = windows === 1 ? heat.count : 0;
  heat.count = 0;
  heat.startMs += windows * windowMs;
}
