import type { Uuid } from '@rookery/schemas/messages';

const none: ReadonlySet<never> = new Set();

/**
 * Of which rooms each session is told, and who is told of each room, where not everybody is told of
 * all: of members, or of what is written there. Pure.
 */
export class ViewScopes {
  readonly #roomsOf = new Map<number, Set<Uuid>>();
  readonly #audiences = new Map<Uuid, Set<number>>();

  has(sessionToken: number, roomId: Uuid): boolean {
    return this.#roomsOf.get(sessionToken)?.has(roomId) ?? false;
  }

  /** Live. */
  rooms(sessionToken: number): ReadonlySet<Uuid> {
    return this.#roomsOf.get(sessionToken) ?? none;
  }

  /** Live. */
  audience(roomId: Uuid): ReadonlySet<number> {
    return this.#audiences.get(roomId) ?? none;
  }

  /** Makes these the rooms of a session. @returns how that differs from before */
  set(sessionToken: number, rooms: ReadonlySet<Uuid>): { added: Uuid[]; removed: Uuid[] } {
    const before = this.#roomsOf.get(sessionToken) ?? new Set<Uuid>();
    const added = [...rooms].filter((roomId) => !before.has(roomId));
    const removed = [...before].filter((roomId) => !rooms.has(roomId));
    for (const roomId of added) this.#audience(roomId).add(sessionToken);
    for (const roomId of removed) this.#leave(sessionToken, roomId);
    if (rooms.size === 0) this.#roomsOf.delete(sessionToken);
    else this.#roomsOf.set(sessionToken, new Set(rooms));
    return { added, removed };
  }

  removeSession(sessionToken: number): void {
    this.set(sessionToken, none);
  }

  removeRoom(roomId: Uuid): void {
    for (const sessionToken of this.audience(roomId)) {
      this.#roomsOf.get(sessionToken)?.delete(roomId);
    }
    this.#audiences.delete(roomId);
  }

  clear(): void {
    this.#roomsOf.clear();
    this.#audiences.clear();
  }

  #audience(roomId: Uuid): Set<number> {
    const audience = this.#audiences.get(roomId) ?? new Set<number>();
    this.#audiences.set(roomId, audience);
    return audience;
  }

  #leave(sessionToken: number, roomId: Uuid): void {
    const audience = this.#audiences.get(roomId);
    audience?.delete(sessionToken);
    if (audience?.size === 0) this.#audiences.delete(roomId);
  }
}
