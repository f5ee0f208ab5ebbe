import { isDeepStrictEqual } from 'node:util';
import type { RoomVoice } from '@rookery/schemas/messages';
import { defaultBundleWindowMs, defaultRoomVoice } from '@rookery/schemas/protocol';
import { ClientError } from '../engine/clientError.js';
import { roomTree, type RoomNode } from '../engine/view.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';

/** Prints the tree of rooms with the number of people in each. */
export async function listRooms(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, ({ engine }) => {
    const root = roomTree(engine.state.view);
    if (root === null) throw new ClientError('protocolViolation', 'the server shows no rooms');
    printTree(root, 0, output);
    return Promise.resolve();
  });
}

/** @param path the new room's; those above it must be there. */
export async function createRoom(
  options: SessionOptions,
  path: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const parent = requireRoom(engine, path.slice(0, -1));
    const roomId = await engine.createRoom(parent.roomId, path.at(-1)!);
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

function printTree(
  { room, path, people, children }: RoomNode,
  depth: number,
  output: Output,
): void {
  const { roomId, parentId, name, speakersMax, bundleWindowMs, bitrate } = room;
  const voice = { speakersMax, bundleWindowMs, bitrate };
  const isPlain = isDeepStrictEqual(voice, defaultRoomVoice);
  output.result(
    { event: 'room', roomId, parentId, room: path, name, people, ...voice },
    `${'  '.repeat(depth)}${name} (${people})${isPlain ? '' : `: ${wordsOf(room)}`}`,
  );
  for (const child of children) printTree(child, depth + 1, output);
}
