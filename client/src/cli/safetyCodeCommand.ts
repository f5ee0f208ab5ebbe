import { ClientError } from '../engine/clientError.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';
import { privateRoomWords } from './tellPrivateRoom.js';

/** Enters a private room for a moment and prints the safety code of those who are in it. */
export async function showSafetyCode(
  options: SessionOptions & { readonly roomPassword?: string },
  path: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    await engine.joinRoom(roomId, options.roomPassword);
    const { privateRoom } = engine.state;
    if (privateRoom?.phase !== 'private') {
      const text = `${path.join('/')} is not private: the server has the key of its voice`;
      throw new ClientError('invalidInput', text);
    }
    const { event, text } = privateRoomWords(privateRoom, path.join('/'));
    output.result(event, text);
  });
}
