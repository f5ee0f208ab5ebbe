import { FrameType } from '@rookery/schemas/frameType';
import type {
  Explanation,
  GroupList,
  OwnAccess,
  PutGroup,
  RoleList,
  RoomRulesInfo,
  SetRoomRules,
  Uuid,
} from '@rookery/schemas/messages';
import { namesIn, type Permission, type PermissionSet } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';
import type { State } from './engineState.js';
import { mayReadRoles, withRoleGap, withTold } from './roleNews.js';
import type { SessionKeeper } from './sessionKeeper.js';

/** What the own user may do now, so that nobody is offered what would be refused. */
export interface OwnPermissions {
  readonly role: Role;
  /** In the own room; none while in no room. */
  readonly here: readonly Permission[];
  /** On the whole server. */
  readonly server: readonly Permission[];
}

/** Before a server has told. */
export const noOwnPermissions: OwnPermissions = { role: 'guest', here: [], server: [] };

export function ownPermissionsOf(told: OwnAccess): OwnPermissions {
  const { role, roomPermissions, serverPermissions } = told;
  return { role, here: namesIn(roomPermissions), server: namesIn(serverPermissions) };
}

/** Who comes to know of roles, or again, may have missed some, however short that was. */
export function withOwnAccess(
  state: Pick<State, 'permissions' | 'roleNews'>,
  told: OwnAccess,
): Partial<State> {
  const permissions = ownPermissionsOf(told);
  const gained = !mayReadRoles(state.permissions) && mayReadRoles(permissions);
  return { permissions, ...(gained && withRoleGap(state)) };
}

/**
 * Who may do what: roles, groups and rules of rooms. Everything rejects with ClientError:
 * `commandRefused` with the server's words where it is not permitted, and as all commands.
 */
export class Access {
  constructor(private readonly keeper: SessionKeeper) {
    keeper.listeners.add((message) => {
      const { state } = keeper;
      if (message.type === FrameType.RoleList) {
        keeper.update(withTold(state, message));
      } else if (message.type === FrameType.OwnAccess) {
        keeper.update(withOwnAccess(state, message));
      }
    });
  }

  async setRole(userId: Uuid, role: Role): Promise<void> {
    await this.keeper.request({ type: FrameType.SetRole, userId, role });
  }

  async setGrants(role: Role, grants: PermissionSet): Promise<void> {
    await this.keeper.request({ type: FrameType.SetGrants, role, grants });
  }

  /** @returns the id of the group; a new one where none was given */
  async putGroup(group: Omit<PutGroup, 'type'>): Promise<Uuid | null> {
    const { createdId } = await this.keeper.request({ type: FrameType.PutGroup, ...group });
    return createdId;
  }

  async removeGroup(groupId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.RemoveGroup, groupId });
  }

  /** Replaces the rules of a room, as they were read. */
  async setRules(rules: Omit<SetRoomRules, 'type'>): Promise<void> {
    await this.keeper.request({ type: FrameType.SetRoomRules, ...rules });
  }

  /** Gives the password of a room, for this session: joining and hearing it come after that. */
  async enterPassword(roomId: Uuid, password: string): Promise<void> {
    await this.keeper.request({ type: FrameType.EnterPassword, roomId, password });
  }

  async readRules(roomId: Uuid): Promise<RoomRulesInfo> {
    return await this.keeper.query(
      { type: FrameType.ReadRoomRules, roomId },
      FrameType.RoomRulesInfo,
    );
  }

  /** @param roomId null for the groups of the server */
  async readGroups(roomId: Uuid | null): Promise<GroupList['groups']> {
    const asked = { type: FrameType.ReadGroups, roomId } as const;
    return (await this.keeper.query(asked, FrameType.GroupList)).groups;
  }

  /** A page of those who were given a role. @param afterId of the last one of the page before */
  async readRoles(afterId: Uuid | null = null): Promise<RoleList> {
    return await this.keeper.query({ type: FrameType.ReadRoles, afterId }, FrameType.RoleList);
  }

  async explain(userId: Uuid, permission: Permission, roomId: Uuid): Promise<Explanation> {
    return await this.keeper.query(
      { type: FrameType.ExplainPermission, userId, permission, roomId },
      FrameType.Explanation,
    );
  }
}
