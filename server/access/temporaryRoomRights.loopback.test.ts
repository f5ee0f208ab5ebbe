import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, EditRoom, Uuid } from '@rookery/schemas/messages';
import { permissionSet } from '@rookery/schemas/permissions';
import { defaultRoomVoice, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, idOf, refusedWith } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import type { TestClient } from '../testing/testClient.js';

let ranked: RankedServer;
let olga: TestClient;
/** A member, who made the party and may edit it. */
let tom: TestClient;
let party: Uuid;
let other: Uuid;

const create = (client: TestClient, name: string, parentId = rootRoomId): Promise<Uuid> =>
  done(client, { type: FrameType.CreateRoom, isTemporary: true, parentId, name });
const edit = (roomId: Uuid, change: Partial<EditRoom>): EditRoom => ({
  ...{ type: FrameType.EditRoom, roomId, ...unchangedRoom },
  ...change,
});

/** In that room alone, and for its maker alone. */
function mayEdit(roomId: Uuid, userId: Uuid): CommandMessage {
  const grants = permissionSet(['editRoom']);
  const principal = { type: 'user', userId } as const;
  const entry = { principal, appliesHere: true, appliesBelow: false, grants, denies: 0 };
  return {
    ...{ type: FrameType.SetRoomRules, roomId, version: 0, entries: [entry] },
    ...{ inherits: true, requiredRole: null, password: null },
  };
}

beforeEach(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Tom: 'member', Ben: 'member' });
  olga = await ranked.joinAs('Olga');
  tom = await ranked.joinAs('Tom');
  party = await create(tom, 'Party');
  other = await create(olga, 'Other');
  await done(olga, mayEdit(party, idOf(tom)));
});
afterEach(() => ranked.close());

describe('who made a temporary room and may edit it alone', () => {
  test('edits, renames and tunes it', async () => {
    await done(tom, edit(party, { description: 'Bring a cake.', userLimit: 8 }));
    await done(tom, { type: FrameType.RenameRoom, roomId: party, name: 'Great party' });
    await done(tom, { type: FrameType.SetRoomVoice, roomId: party, ...defaultRoomVoice });
    expect(tom.rooms.get(party)?.isTemporary).toBe(true);
  });

  test('does nothing else with it, and nothing with other rooms or those below', async () => {
    const below = await create(tom, 'Kitchen', party);
    const refused: CommandMessage[] = [
      { type: FrameType.DeleteRoom, roomId: party },
      { type: FrameType.MoveRoom, roomId: party, parentId: other },
      { type: FrameType.LinkRooms, firstId: party, secondId: other },
      { ...mayEdit(party, idOf(tom)), version: 1 } as CommandMessage,
      { type: FrameType.ReadRoomRules, roomId: party },
      { type: FrameType.CreateRoom, isTemporary: false, parentId: party, name: 'Hall' },
      // It would be a room that stays, which is not for him to make.
      edit(party, { isTemporary: false }),
      edit(other, { description: 'mine' }),
      edit(below, { description: 'mine' }),
      edit(rootRoomId, { description: 'mine' }),
      { type: FrameType.Kick, userId: idOf(await ranked.joinAs('Ben')), reason: '' },
    ];
    for (const command of refused) {
      const what = JSON.stringify(command);
      expect(await refusedWith(tom, command), what).toBe(ErrorCode.NotPermitted);
    }
    expect(olga.rooms.get(party)).toMatchObject({ isTemporary: true, parentId: rootRoomId });
  });

  test('gives it to nobody: others may not, nor may he once it is another room', async () => {
    const ben = await ranked.joinAs('Ben');
    expect(await refusedWith(ben, edit(party, { userLimit: 1 }))).toBe(ErrorCode.NotPermitted);
    await done(olga, { type: FrameType.DeleteRoom, roomId: party });
    const again = await create(tom, 'Party');
    expect(await refusedWith(tom, edit(again, { userLimit: 1 }))).toBe(ErrorCode.NotPermitted);
  });

  test('and may make rooms there makes it one that stays', async () => {
    await done(olga, edit(party, { isTemporary: false }));
    expect(await refusedWith(tom, edit(party, { isTemporary: true }))).toBe(ErrorCode.Unknown);
    expect(await refusedWith(tom, edit(party, { isTemporary: false }))).toBe(
      ErrorCode.NotPermitted,
    );
  });
});
