import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Change, Uuid } from '@rookery/schemas/messages';
import { PermissionDesk } from '../permission/permissionDesk.js';
import { includes, serverPermissions, type Permission } from '@rookery/schemas/permissions';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type Applied, type Refusal } from '../state/outcome.js';
import { noSuchRoom } from '../state/roomTree.js';
import type { Store } from '../store/store.js';

export interface AccessDeskOptions {
  /** With the rooms of before, and nobody in them. */
  readonly state: CommunityState;
  readonly store: Pick<Store, 'roles'>;
  /** Role of those who were given none. */
  readonly everyoneIs: Role;
}

/**
 * Who may do what, for the running server: the decisions of the PermissionDesk, with what they are
 * made from kept on disk. It follows rooms and sessions as they are published. Main thread.
 */
export class AccessDesk {
  readonly #options: AccessDeskOptions;
  readonly #desk: PermissionDesk;
  readonly #everyoneIs: Role;
  readonly #roles = new Map<Uuid, Role>();
  readonly #sessions = new Set<number>();
  /** By room, the room above it. */
  readonly #parents = new Map<Uuid, Uuid | null>();

  constructor(options: AccessDeskOptions) {
    const { state, store, everyoneIs } = options;
    this.#options = options;
    this.#everyoneIs = everyoneIs;
    this.#desk = new PermissionDesk(everyoneIs);
    for (const { roomId, parentId } of state.snapshot().rooms) this.#putRoom(roomId, parentId);
    for (const { userId, role } of store.roles.list()) this.#applyRole(userId, role);
  }

  /** @returns false also where there is no such room */
  can(sessionToken: number, permission: Permission, roomId: Uuid): boolean {
    return this.#desk.can(sessionToken, permission, roomId);
  }

  /** @returns what to tell a session that may not do something in a room; null where it may */
  refusalOf(sessionToken: number, permission: Permission, roomId: Uuid): Refusal | null {
    const room = this.#options.state.room(roomId);
    if (room === null) return noSuchRoom();
    if (this.can(sessionToken, permission, roomId)) return null;
    const isOfServer = includes(serverPermissions, permission);
    const where = isOfServer ? 'on this server' : `in the room "${room.name}"`;
    return refusal(
      ErrorCode.NotPermitted,
      `You lack the permission ${permission} ${where}. Ask somebody who runs the server.`,
    );
  }

  roleOf(userId: Uuid): Role {
    return this.#roles.get(userId) ?? this.#everyoneIs;
  }

  /**
   * Whether somebody may act on somebody else by virtue of a permission. Nobody acts on those of
   * their own role or above, but owners on all.
   */
  mayActOn(actorId: Uuid, targetId: Uuid): boolean {
    const role = this.roleOf(actorId);
    return role === 'owner' || !isAtLeast(this.roleOf(targetId), role);
  }

  /**
   * Gives somebody a role; it holds at once when it is durable.
   *
   * @throws ServerError of the store, by the promise; nothing was changed then
   */
  async setRole(userId: Uuid, role: Role): Promise<void> {
    await this.#options.store.roles.put(userId, role);
    this.#applyRole(userId, role);
  }

  /** To be told of all that an operation changed, before anybody else is. */
  note({ changes }: Applied): void {
    for (const change of changes) this.#noteChange(change);
  }

  #noteChange(change: Change): void {
    switch (change.kind) {
      case 'roomPut':
        this.#putRoom(change.room.roomId, change.room.parentId);
        return;
      case 'roomRemoved':
        this.#parents.delete(change.roomId);
        this.#desk.apply({ type: 'removeRoom', roomId: change.roomId });
        return;
      case 'sessionPut': {
        const { sessionToken, userId } = change.session;
        if (this.#sessions.has(sessionToken)) return;
        this.#sessions.add(sessionToken);
        this.#desk.open(sessionToken, userId);
        return;
      }
      case 'sessionRemoved':
        this.#sessions.delete(change.sessionToken);
        this.#desk.close(change.sessionToken);
    }
  }

  #putRoom(roomId: Uuid, parentId: Uuid | null): void {
    // The root is there from the beginning, and stays where it is.
    if (parentId === null) return;
    const before = this.#parents.get(roomId);
    if (before === parentId) return;
    this.#parents.set(roomId, parentId);
    const type = before === undefined ? 'addRoom' : 'moveRoom';
    this.#desk.apply({ type, roomId, parentId });
  }

  #applyRole(userId: Uuid, role: Role): void {
    this.#roles.set(userId, role);
    this.#desk.apply({ type: 'setRole', userId, role });
  }
}
