import { expect, it } from 'vitest';
import type { PrivateMember } from '../engine/privateCircle.js';
import { privateRoomWords } from './tellPrivateRoom.js';

const roomId = '00000000-0000-4000-8000-000000000001';

function member(displayName: string, trust: PrivateMember['trust']): PrivateMember {
  return { sessionToken: displayName.length, userId: roomId, displayName, trust };
}

it('names those for whom the code stands, and warns of a key of somebody else', () => {
  const members = [member('Berta', 'proven'), member('Anna', 'proven'), member('Eve', 'false')];
  const safetyCode = '12345 67890';
  const state = { roomId, phase: 'private', safetyCode, members } as const;
  const { event, text } = privateRoomWords(state, 'Lobby/Council');
  expect(event).toMatchObject({ event: 'safetyCode', safetyCode, members });
  const [code, warning, ...others] = text.split('\n');
  expect(code).toBe('Lobby/Council is private; safety code of Anna, Berta: 12345 67890');
  expect(warning).toContain('WARNING: the key of Eve is not signed by Eve');
  expect(others).toEqual([]);
});

it('says where a room is private no more', () => {
  const state = { roomId, phase: 'opened', safetyCode: null, members: [] } as const;
  const { event, text } = privateRoomWords(state, 'Lobby/Council');
  expect(event).toMatchObject({ event: 'privacyEnded', room: 'Lobby/Council' });
  expect(text).toContain('nothing is sent or heard there until you join it again');
});
