import { isDeepStrictEqual } from 'node:util';
import type { RoomInfo, RoomProperties, RoomVoice, SessionInfo } from '@rookery/schemas/messages';
import {
  defaultBundleWindowMs,
  defaultRoom,
  defaultRoomVoice,
  fieldLimits,
} from '@rookery/schemas/protocol';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { pathOfRoom, roomTree, sessionsInRoom, type RoomNode, type View } from '../engine/view.js';
import { memberWords } from './memberWords.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';

/** Prints the tree of rooms with the number of people in each, or with who they are. */
export async function listRooms(
  options: SessionOptions,
  output: Output,
  detail: 'counts' | 'members',
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    if (detail === 'members') await watchOccupied(engine);
    const root = roomTree(engine.state.view);
    if (root === null) throw new ClientError('protocolViolation', 'the server shows no rooms');
    printTree(root, 0, output, { view: engine.state.view, detail });
  });
}

/** On a large server the members of rooms are told to those only who ask for them. */
async function watchOccupied(engine: Engine): Promise<void> {
  const { view } = engine.state;
  if (view.showsEverybody) return;
  const occupied = [...view.rooms.keys()].filter((roomId) => view.peopleIn(roomId) > 0);
  await engine.watchRooms(occupied.slice(0, fieldLimits.subscribedRoomsMax));
}

interface NewRoom {
  readonly path: readonly string[];
  readonly lasts: 'forGood' | 'whileInUse';
}

/** Those above the new room must be there. */
export async function createRoom(
  options: SessionOptions,
  { path, lasts }: NewRoom,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const parent = requireRoom(engine, path.slice(0, -1));
    const roomId = await engine.createRoom(parent.roomId, path.at(-1)!, lasts);
    const room = path.join('/');
    output.result({ event: 'created', roomId, room }, `created ${room}`);
  });
}

export async function deleteRoom(
  options: SessionOptions,
  path: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    await engine.deleteRoom(roomId);
    const room = path.join('/');
    output.result({ event: 'deleted', roomId, room }, `deleted ${room}`);
  });
}

export async function renameRoom(
  options: SessionOptions,
  path: readonly string[],
  name: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    await engine.renameRoom(roomId, name);
    const room = [...path.slice(0, -1), name].join('/');
    output.result({ event: 'renamed', roomId, room }, `renamed ${path.join('/')} to ${room}`);
  });
}

/** Puts a room, with all below it, below another one. */
export async function moveRoom(
  options: SessionOptions,
  path: readonly string[],
  parentPath: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId, name } = requireRoom(engine, path);
    const parent = requireRoom(engine, parentPath);
    await engine.moveRoom(roomId, parent.roomId);
    const room = [...parentPath, name].join('/');
    output.result({ event: 'moved', roomId, room }, `moved ${path.join('/')} to ${room}`);
  });
}

/** Changes what is set of the room; what `change` leaves out stays. */
export async function editRoom(
  options: SessionOptions,
  path: readonly string[],
  change: Partial<RoomProperties>,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    await engine.editRoom(roomId, change);
    const room = path.join('/');
    const words = settingWords(requireRoom(engine, path));
    const text = `${room}: ${words === '' ? 'nothing special' : words}`;
    output.result({ event: 'edited', roomId, room, ...change }, text);
  });
}

/** Changes how the room's voice is relayed; what `change` leaves out stays. */
export async function setRoomVoice(
  options: SessionOptions,
  path: readonly string[],
  change: Partial<RoomVoice>,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId, speakersMax, bundleWindowMs, bitrate } = requireRoom(engine, path);
    const voice = { speakersMax, bundleWindowMs, bitrate, ...change };
    await engine.setRoomVoice(roomId, voice);
    const room = path.join('/');
    output.result({ event: 'voiceSet', roomId, room, ...voice }, `${room}: ${wordsOf(voice)}`);
  });
}

function wordsOf({ speakersMax, bundleWindowMs, bitrate }: RoomVoice): string {
  const speakers =
    speakersMax === 0 ? 'everybody is heard' : `the loudest ${speakersMax} are heard`;
  const isDefault = bundleWindowMs === defaultBundleWindowMs;
  const window = isDefault ? 'of the server' : `${bundleWindowMs} ms`;
  return `${speakers}; bundle window ${window}; ${bitrate / 1_000} kb/s`;
}

/** What is special about a room beside its voice; '' for nothing. */
function settingWords(room: RoomProperties): string {
  const { description, position, userLimit, isTemporary, frameMs, isFecOn } = room;
  const { keepDays, keepMessages, slowModeSeconds, isLocked } = room;
  const words = [
    position === 0 ? '' : `position ${position}`,
    userLimit === 0 ? '' : `at most ${userLimit} people`,
    isTemporary ? 'temporary' : '',
    isLocked ? 'locked' : '',
    slowModeSeconds === 0 ? '' : `everybody writes once in ${slowModeSeconds} s`,
    room.isPrivate ? 'private' : '',
    frameMs === defaultRoom.frameMs ? '' : `frames of ${frameMs} ms`,
    isFecOn ? '' : 'no FEC',
    keepDays === 0 ? '' : `messages kept for ${keepDays} days`,
    keepMessages === 0 ? '' : `${keepMessages} messages kept`,
    description === '' ? '' : `"${description.replaceAll(/\s+/g, ' ')}"`,
  ];
  return words.filter((word) => word !== '').join('; ');
}

/** @param view where members are to be shown; null where not */
function printTree(
  { room, path, people, children }: RoomNode,
  depth: number,
  output: Output,
  shown: { readonly view: View; readonly detail: 'counts' | 'members' },
): void {
  const { name, speakersMax, bundleWindowMs, bitrate } = room;
  const voice = { speakersMax, bundleWindowMs, bitrate };
  const isPlain = isDeepStrictEqual(voice, defaultRoomVoice);
  const { view, detail } = shown;
  const isDetailed = detail === 'members';
  const words = [isPlain ? '' : wordsOf(room), settingWords(room), linkWords(view, room)];
  const text = words.filter((word) => word !== '').join('; ');
  const sessions = isDetailed ? byName(sessionsInRoom(view, room.roomId)) : [];
  const members = sessions.map(({ displayName }) => displayName);
  const detailed = isDetailed && { members, sessions };
  const indent = '  '.repeat(depth);
  output.table({ event: 'room', ...room, room: path, people, ...detailed }, [
    `${indent}${name} (${people})${text === '' ? '' : `: ${text}`}`,
    ...sessions.map((session) => `${indent}  - ${memberWords(view, session)}`),
  ]);
  for (const child of children) printTree(child, depth + 1, output, shown);
}

function linkWords(view: View, { linkedRoomIds }: RoomInfo): string {
  const paths = linkedRoomIds.map((roomId) => pathOfRoom(view, roomId) ?? roomId);
  return paths.length === 0 ? '' : `linked to ${paths.toSorted().join(', ')}`;
}

function byName(sessions: readonly SessionInfo[]): SessionInfo[] {
  return sessions.toSorted((a, b) => a.displayName.localeCompare(b.displayName));
}
