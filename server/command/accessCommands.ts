import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  AccessCommand,
  EnterPassword,
  PutGroup,
  RemoveGroup,
  SetGrants,
  SetRole,
  SetRoomRules,
  Uuid,
} from '@rookery/schemas/messages';
import { normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { namesIn, noPermissions } from '@rookery/schemas/permissions';
import { fieldLimits } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { newUuid } from '@rookery/schemas/uuid';
import { grantsRefusal, groupRefusal, roleRefusal, rulesRefusal } from '../access/accessEdits.js';
import { accessLimits } from '../accessLimits.js';
import { refusal, type Refusal } from '../state/outcome.js';
import { noSuchRoom } from '../state/roomTree.js';
import { explainPermission, readGroups, readRoles, readRoomRules } from './accessQuestions.js';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';
import { done } from './messageCommands.js';
import { inPermittedTurn } from './permittedTurn.js';

/** Who may do what. All changes take their turn with those of the room tree. */
export const accessCommands: CommandTable<AccessCommand> = {
  [FrameType.SetRole]: setRole,
  [FrameType.SetGrants]: setGrants,
  [FrameType.PutGroup]: putGroup,
  [FrameType.RemoveGroup]: removeGroup,
  [FrameType.SetRoomRules]: setRoomRules,
  [FrameType.EnterPassword]: enterPassword,
  [FrameType.ReadRoomRules]: readRoomRules,
  [FrameType.ReadGroups]: readGroups,
  [FrameType.ReadRoles]: readRoles,
  [FrameType.ExplainPermission]: explainPermission,
};

function setRole(context: CommandContext, command: SetRole): Promise<CommandResult> {
  const { session, access, audit, store } = context;
  const { userId, role } = command;
  return inPermittedTurn(context, command, async () => {
    if (store.users.find(userId) === null) return noSuchUser();
    const refused = roleRefusal(access, session, userId, role);
    if (refused !== null) return refused;
    if (access.givenRoleOf(userId) === role) return done;
    const stored = access.setRole(userId, role);
    const actorId = session.userId;
    audit.note({ action: 'setRole', actorId, targetId: userId, detail: role });
    await stored;
    return done;
  });
}

function setGrants(context: CommandContext, command: SetGrants): Promise<CommandResult> {
  const { session, access, audit } = context;
  const { role, grants } = command;
  return inPermittedTurn(context, command, async () => {
    const refused = grantsRefusal(access, session, role, grants);
    if (refused !== null) return refused;
    if (access.grantsOf(role) === grants) return done;
    const stored = access.setGrants(role, grants);
    const detail = `${role}: ${namesIn(grants).join(', ')}`;
    audit.note({ action: 'setGrants', actorId: session.userId, detail });
    await stored;
    return done;
  });
}

function putGroup(context: CommandContext, command: PutGroup): Promise<CommandResult> {
  const { session, access, audit } = context;
  return inPermittedTurn(context, command, async () => {
    const refused = groupFault(context, command);
    if (refused !== null) return refused;
    const { roomId, grants } = command;
    const groupId = command.groupId ?? newUuid();
    const name = groupName(command.name);
    if (typeof name !== 'string') return name;
    const memberIds = [...new Set(command.memberIds)];
    const stored = access.putGroup({ groupId, roomId, name, grants, memberIds });
    const detail = `${name}, ${memberIds.length} members: ${namesIn(grants).join(', ')}`;
    audit.note({ action: 'putGroup', actorId: session.userId, roomId, detail });
    await stored;
    return { ...done, createdId: groupId };
  });
}

function removeGroup(context: CommandContext, command: RemoveGroup): Promise<CommandResult> {
  const { session, access, audit } = context;
  const { groupId } = command;
  return inPermittedTurn(context, command, async () => {
    const group = access.group(groupId);
    if (group === null) return noSuchGroup();
    const refused = groupRefusal(access, session, groupId, null);
    if (refused !== null) return refused;
    const { roomId, name } = group;
    const stored = access.removeGroup(groupId);
    audit.note({ action: 'removeGroup', actorId: session.userId, roomId, detail: name });
    await stored;
    return done;
  });
}

async function setRoomRules(
  context: CommandContext,
  command: SetRoomRules,
): Promise<CommandResult> {
  const { password } = command;
  // Before its turn comes: a hash takes long, and others wait for the tree.
  const hash = password === null || password === '' ? null : await context.passwords.hash(password);
  if (hash === null && password !== null && password !== '') return tooManyPasswords;
  return inPermittedTurn(context, command, () => replaceRules(context, command, hash));
}

async function replaceRules(
  context: CommandContext,
  command: SetRoomRules,
  newHash: string | null,
): Promise<CommandResult> {
  const { session, state, access, audit } = context;
  const { roomId, entries, inherits, requiredRole, password } = command;
  if (state.room(roomId) === null) return noSuchRoom();
  const before = access.rulesOf(roomId);
  if (command.version !== before.version) return outdated;
  const refused =
    principalFault(context, command) ??
    rulesRefusal(access, session, before, command, state.roomsAbove(roomId));
  if (refused !== null) return refused;
  const passwordHash = password === null ? before.passwordHash : newHash;
  const version = before.version + 1;
  const stored = access.setRules({
    ...{ roomId, version, entries, inherits, requiredRole, passwordHash },
  });
  const doors = `${requiredRole ?? 'no role'} required, ${passwordHash ? 'a' : 'no'} password`;
  const detail = `${entries.length} entries, ${inherits ? '' : 'not '}inherited, ${doors}`;
  audit.note({ action: 'setRoomRules', actorId: session.userId, roomId, detail });
  await stored;
  // Who sets a password knows it.
  if (password !== null) access.givePassword(session.token, roomId);
  return done;
}

async function enterPassword(
  context: CommandContext,
  { roomId, password }: EnterPassword,
): Promise<CommandResult> {
  const { session, state, access, passwords } = context;
  const { passwordHash } = access.rulesOf(roomId);
  if (passwordHash === null) return done;
  const isRight = await passwords.verify(password, passwordHash);
  if (isRight === 'busy') return tooManyPasswords;
  // Meanwhile it may be another one, or the session may be gone.
  const isSame = access.rulesOf(roomId).passwordHash === passwordHash;
  if (!isRight || !isSame) return wrongPassword;
  if (state.session(session.token) !== null) access.givePassword(session.token, roomId);
  return done;
}

function groupFault(context: CommandContext, command: PutGroup): Refusal | null {
  const { session, state, access, store } = context;
  const { groupId, roomId, grants, memberIds } = command;
  const before = groupId === null ? null : access.group(groupId);
  if (groupId !== null && before?.roomId !== roomId) return noSuchGroup();
  if (roomId !== null && state.room(roomId) === null) return noSuchRoom();
  if (roomId !== null && grants !== noPermissions) {
    const text = 'A group of a room grants nothing itself. Name it in entries of the room.';
    return refusal(ErrorCode.InvalidField, text);
  }
  if (memberIds.some((userId) => store.users.find(userId) === null)) return noSuchUser();
  const isFull =
    access.groupCount >= accessLimits.groupsMax ||
    access.groupsOf(roomId).length >= fieldLimits.groupsMax;
  if (before === null && isFull) {
    return refusal(ErrorCode.LimitReached, 'There are as many groups as may be. Remove one first.');
  }
  const more = memberIds.length - (before?.memberIds.length ?? 0);
  if (access.groupMemberCount + more > accessLimits.groupMembersMax) {
    return refusal(ErrorCode.LimitReached, 'Groups have as many members as may be.');
  }
  return groupRefusal(access, session, groupId, command);
}

/** Entries are for groups and users that there are, and for groups that are known in the room. */
function principalFault(
  { state, access, store }: CommandContext,
  { roomId, entries }: SetRoomRules,
): Refusal | null {
  const path: readonly (Uuid | null)[] = [null, roomId, ...state.roomsAbove(roomId)];
  // What was there before may stay, though its group or user is gone.
  const known = new Set(access.rulesOf(roomId).entries.map(({ principal }) => idOf(principal)));
  for (const { principal } of entries) {
    if (known.has(idOf(principal))) continue;
    if (principal.type === 'user' && store.users.find(principal.userId) === null) {
      return noSuchUser();
    }
    if (principal.type !== 'group') continue;
    const group = access.group(principal.groupId);
    if (group === null || !path.includes(group.roomId)) return noSuchGroup();
  }
  return null;
}

function idOf(principal: SetRoomRules['entries'][number]['principal']): Uuid | null {
  if (principal.type === 'group') return principal.groupId;
  return principal.type === 'user' ? principal.userId : null;
}

function groupName(raw: string): string | Refusal {
  try {
    return normaliseName(raw, { ...roomNameLimits, field: 'name' });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, error.message);
  }
}

function noSuchUser(): Refusal {
  return refusal(ErrorCode.NoSuchUser, 'There is no such user. They have to come here once.');
}

function noSuchGroup(): Refusal {
  const text = 'There is no such group here. It may be of another room, or removed.';
  return refusal(ErrorCode.NoSuchGroup, text);
}

const outdated = refusal(
  ErrorCode.Outdated,
  'Somebody else has changed the rules of the room meanwhile. Read them again.',
);

const wrongPassword = refusal(ErrorCode.WrongPassword, 'The password of the room is another one.');

const tooManyPasswords = refusal(
  ErrorCode.TooFast,
  'Too many passwords wait to be checked. Try again in a moment.',
);
