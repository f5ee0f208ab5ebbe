import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';

/** Lets two rooms be heard together. */
export async function linkRooms(
  options: SessionOptions,
  paths: readonly [readonly string[], readonly string[]],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const [first, second] = paths.map((path) => requireRoom(engine, path).roomId);
    await engine.linkRooms(first!, second!);
    const rooms = paths.map((path) => path.join('/'));
    const text = `linked ${rooms.join(' and ')}: whoever hears one hears the other`;
    output.result({ event: 'linked', rooms, roomIds: [first, second] }, text);
  });
}

export async function unlinkRooms(
  options: SessionOptions,
  paths: readonly [readonly string[], readonly string[]],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const [first, second] = paths.map((path) => requireRoom(engine, path).roomId);
    await engine.unlinkRooms(first!, second!);
    const rooms = paths.map((path) => path.join('/'));
    const text = `unlinked ${rooms.join(' and ')}`;
    output.result({ event: 'unlinked', rooms, roomIds: [first, second] }, text);
  });
}
