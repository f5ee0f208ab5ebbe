import type { GroupInfo, Uuid } from '@rookery/schemas/messages';
import {
  namesIn,
  noPermissions,
  permissionSet,
  type Permission,
} from '@rookery/schemas/permissions';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';
import { findUser } from './userTarget.js';

/** Whose groups `rookery groups` is about. */
export interface GroupPlace {
  /** The room that the groups are of; the server without it. */
  readonly room?: readonly string[];
}

/** What a group is to be; what is left out stays, or is nothing of a new one. */
export interface GroupChange {
  /** Names or ids. */
  readonly members?: readonly string[];
  readonly grants?: readonly Permission[];
}

/** Prints the groups of the server or of a room. */
export async function showGroups(
  options: SessionOptions & GroupPlace,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    for (const group of await engine.access.readGroups(placeOf(engine, options))) {
      printGroup(group, output);
    }
  });
}

/** Makes a group, or changes the one of that name. */
export async function putGroup(
  options: SessionOptions & GroupPlace,
  name: string,
  change: GroupChange,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const roomId = placeOf(engine, options);
    const before = called(await engine.access.readGroups(roomId), name);
    const { members, grants } = change;
    const memberIds =
      members === undefined
        ? (before?.members.map(({ id }) => id) ?? [])
        : await Promise.all(members.map((member) => findUser(engine, member)));
    await engine.access.putGroup({
      groupId: before?.groupId ?? null,
      roomId,
      name: before?.name ?? name,
      grants: grants === undefined ? (before?.grants ?? noPermissions) : permissionSet(grants),
      memberIds,
    });
    const after = called(await engine.access.readGroups(roomId), before?.groupId ?? name);
    if (after !== undefined) printGroup(after, output);
  });
}

export async function removeGroup(
  options: SessionOptions & GroupPlace,
  name: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const group = called(await engine.access.readGroups(placeOf(engine, options)), name);
    if (group === undefined) throw noSuchGroup(name);
    const { groupId } = group;
    await engine.access.removeGroup(groupId);
    output.result({ event: 'groupRemoved', groupId, name }, `removed the group ${name}`);
  });
}

/**
 * Finds a group that can be named in the rules of a room: one of the room, of the rooms above, the
 * nearest first, or of the server.
 *
 * @throws ClientError `invalidInput` where there is none of that name that one may see
 */
export async function findGroup(engine: Engine, roomId: Uuid, nameOrId: string): Promise<Uuid> {
  const { rooms } = engine.state.view;
  for (let place: Uuid | null = roomId; ; place = rooms.get(place)?.parentId ?? null) {
    const group = called(await groupsSeenIn(engine, place), nameOrId);
    if (group !== undefined) return group.groupId;
    if (place === null) throw noSuchGroup(nameOrId);
  }
}

/** None where one may not read them. */
async function groupsSeenIn(engine: Engine, place: Uuid | null): Promise<readonly GroupInfo[]> {
  try {
    return await engine.access.readGroups(place);
  } catch (error) {
    if (error instanceof ClientError && error.code === 'commandRefused') return [];
    throw error;
  }
}

function placeOf(engine: Engine, { room }: GroupPlace): Uuid | null {
  return room === undefined ? null : requireRoom(engine, room).roomId;
}

/** @throws ClientError `invalidInput` where several are called so */
function called(groups: readonly GroupInfo[], nameOrId: string): GroupInfo | undefined {
  const named = groups.filter(({ groupId, name }) => groupId === nameOrId || name === nameOrId);
  if (named.length <= 1) return named[0];
  const ids = named.map(({ groupId }) => groupId).join(', ');
  const text = `${named.length} groups are called "${nameOrId}"; give the id of one: ${ids}`;
  throw new ClientError('invalidInput', text);
}

function noSuchGroup(name: string): ClientError {
  return new ClientError('invalidInput', `there is no group "${name}" that you may see here`);
}

function printGroup({ groupId, name, roomId, grants, members }: GroupInfo, output: Output): void {
  const granted = namesIn(grants);
  const words = [
    granted.length === 0 ? '' : `grants ${granted.join(', ')}`,
    `members ${members.map((member) => member.name || member.id).join(', ') || 'none'}`,
  ];
  output.result(
    { event: 'group', groupId, name, roomId, grants: granted, members },
    `${name}  ${groupId}: ${words.filter(Boolean).join('; ')}`,
  );
}
