import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  AccessName,
  ExplainPermission,
  ReadGroups,
  ReadRoles,
  ReadRoomRules,
  Uuid,
} from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { roleListOf } from '../access/roleNews.js';
import { decisionInWords } from '../permission/decisionInWords.js';
import { refusal } from '../state/outcome.js';
import { noSuchRoom } from '../state/roomTree.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/** Answers with what a room says of who may do what in it. */
export function readRoomRules(context: CommandContext, { roomId }: ReadRoomRules): CommandResult {
  const { access } = context;
  const { version, entries, inherits, requiredRole, passwordHash } = access.rulesOf(roomId);
  const names = new Map<Uuid, AccessName>();
  for (const { principal } of entries) {
    if (principal.type === 'user') {
      const { userId: id } = principal;
      names.set(id, { id, name: userName(context, id) });
    } else if (principal.type === 'group') {
      const { groupId: id } = principal;
      names.set(id, { id, name: access.group(id)?.name ?? '' });
    }
  }
  const type = FrameType.RoomRulesInfo;
  const hasPassword = passwordHash !== null;
  const rules = { roomId, version, entries, inherits, requiredRole, hasPassword };
  return { refused: false, answer: { type, ...rules, names: [...names.values()] } };
}

/** Answers with the groups of a room or of the server. */
export function readGroups(context: CommandContext, { roomId }: ReadGroups): CommandResult {
  const groups = context.access.groupsOf(roomId).map(({ memberIds, ...group }) => ({
    ...group,
    members: memberIds.map((id) => ({ id, name: userName(context, id) })),
  }));
  return { refused: false, answer: { type: FrameType.GroupList, groups } };
}

/** Answers with what roles grant, and a page of those who were given one. */
export function readRoles(context: CommandContext, { afterId }: ReadRoles): CommandResult {
  const { rolesPerPageMax } = fieldLimits;
  const page = context.store.roles.after(afterId, rolesPerPageMax + 1);
  const hasMore = page.length > rolesPerPageMax;
  return {
    refused: false,
    answer: roleListOf(context, page.slice(0, rolesPerPageMax), hasMore),
  };
}

/** Answers with whether somebody may do something, and the rule that decides. */
export function explainPermission(
  context: CommandContext,
  { userId, permission, roomId }: ExplainPermission,
): CommandResult {
  const { access, state, store } = context;
  if (state.room(roomId) === null) return noSuchRoom();
  if (store.users.find(userId) === null) {
    return refusal(ErrorCode.NoSuchUser, 'There is no such user. They have to come here once.');
  }
  const decision = access.explain(userId, permission, roomId);
  const text = decisionInWords(decision, {
    room: (id) => state.room(id)?.name ?? id,
    group: (id) => access.group(id)?.name ?? id,
    user: (id) => userName(context, id),
  });
  const { allowed } = decision;
  return { refused: false, answer: { type: FrameType.Explanation, allowed, text } };
}

function userName({ store }: CommandContext, userId: Uuid): string {
  return store.users.find(userId)?.displayName ?? '';
}
