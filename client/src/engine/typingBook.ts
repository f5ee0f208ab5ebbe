import type { Uuid } from '@rookery/schemas/messages';

/** Who types somewhere says so again every three seconds; a datagram may get lost. */
const typingMs = 6_000;

/** Shown are a few anyway, and a server that tells of more costs no more memory. */
const typersPerPlaceMax = 32;
const placesMax = 256;

/** Who types where. Pure: the clock is the caller's. */
export class TypingBook {
  /** Of each place and user when it ends, if nothing is heard until then. */
  private readonly places = new Map<Uuid, Map<Uuid, number>>();

  start(placeId: Uuid, userId: Uuid, nowMs: number): void {
    const users = this.places.get(placeId) ?? new Map<Uuid, number>();
    const hasRoom = users.has(userId) || users.size < typersPerPlaceMax;
    const isKnown = this.places.has(placeId) || this.places.size < placesMax;
    if (!hasRoom || !isKnown) return;
    this.places.set(placeId, users);
    users.set(userId, nowMs + typingMs);
  }

  /** @returns whether that changed anything */
  stop(placeId: Uuid, userId: Uuid): boolean {
    const users = this.places.get(placeId);
    const hasStopped = users?.delete(userId) ?? false;
    if (users?.size === 0) this.places.delete(placeId);
    return hasStopped;
  }

  clear(): void {
    this.places.clear();
  }

  /** Forgets who was not heard of for long. @returns when the next is to be forgotten, or null */
  expire(nowMs: number): number | null {
    let nextMs: number | null = null;
    for (const [placeId, users] of this.places) {
      for (const [userId, endsAtMs] of users) {
        if (endsAtMs <= nowMs) users.delete(userId);
        else nextMs = Math.min(nextMs ?? endsAtMs, endsAtMs);
      }
      if (users.size === 0) this.places.delete(placeId);
    }
    return nextMs;
  }

  /** User ids by place, those who began first in front. */
  snapshot(): ReadonlyMap<Uuid, readonly Uuid[]> {
    return new Map(Array.from(this.places, ([placeId, users]) => [placeId, [...users.keys()]]));
  }
}
