import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { rootRoomId } from '@rookery/schemas/protocol';
import { expect, test } from 'vitest';
import { refusal } from '../state/outcome.js';
import type { CommandContext } from './commandContext.js';
import { done } from './messageCommands.js';
import { inPermittedTurn } from './permittedTurn.js';
import { RoomChanges } from './roomChanges.js';

const command = { type: FrameType.RenameRoom, roomId: rootRoomId, name: 'Mine' } as const;

/** A sender who may do all until the turn before has ended, and what becomes of the command. */
async function afterTurn(ends: 'permission' | 'session' | 'nothing'): Promise<[unknown, number]> {
  const now = { mayEdit: true, isThere: true };
  const roomChanges = new RoomChanges();
  const notPermitted = refusal(ErrorCode.NotPermitted, 'no');
  const context = {
    session: { token: 1 },
    access: {
      isThere: () => now.isThere,
      refusalOf: () => (now.mayEdit ? null : notPermitted),
    },
    roomChanges,
  } as unknown as CommandContext;
  const before = roomChanges.inTurn(async () => {
    await Promise.resolve();
    if (ends === 'permission') now.mayEdit = false;
    if (ends === 'session') now.isThere = false;
  });
  let carriedOut = 0;
  const answer = await inPermittedTurn(context, command, () => {
    carriedOut += 1;
    return Promise.resolve(done);
  });
  await before;
  return [answer, carriedOut];
}

test('a command that waited is carried out', async () => {
  expect(await afterTurn('nothing')).toEqual([done, 1]);
});

test('a command that waited behind the change that forbids it is refused', async () => {
  expect(await afterTurn('permission')).toMatchObject([{ code: ErrorCode.NotPermitted }, 0]);
});

test('a command of a session that has ended meanwhile is refused', async () => {
  expect(await afterTurn('session')).toMatchObject([{ code: ErrorCode.NotPermitted }, 0]);
});
