import { defaultRoom } from '@rookery/schemas/protocol';
import { expect, test } from 'vitest';
import { changeBetween, draftOf, faultsOf, isNoChange, type RoomDraft } from './roomDraft.js';

const room = { ...defaultRoom, roomId: 'r', parentId: 'p', name: 'Games' };

function changed(change: Partial<RoomDraft>): RoomDraft {
  return { ...draftOf(room, null), ...change };
}

test('a form that nobody touched says nothing', () => {
  const before = draftOf(room, { requiredRole: 'member' });
  expect(faultsOf(before)).toEqual({});
  expect(isNoChange(changeBetween(before, { ...before }))).toBe(true);
});

test('sends what the user changed, and nothing else', () => {
  const before = draftOf(room, null);
  const draft = changed({ name: ' Chess ', userLimit: 5, bitrateKbps: 64, bundleWindowMs: 4 });
  expect(changeBetween(before, draft)).toEqual({
    name: 'Chess',
    properties: { userLimit: 5 },
    voice: { bitrate: 64_000, bundleWindowMs: 4 },
    requiredRole: undefined,
    password: null,
  });
});

test('removes, sets and keeps a password', () => {
  const before = draftOf(room, null);
  const passwordAfter = (change: Partial<RoomDraft>): string | null =>
    changeBetween(before, changed(change)).password;
  expect(passwordAfter({ passwordChange: 'remove' })).toBe('');
  expect(passwordAfter({ passwordChange: 'set', password: 'sesame' })).toBe('sesame');
  expect(passwordAfter({ password: 'not meant' })).toBe(null);
});

test('finds what the server would refuse', () => {
  const faultNames = (change: Partial<RoomDraft>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(faultsOf(changed(change))).map(([field, { name }]) => [field, name]),
    );
  expect(faultNames({ name: '  ' })).toEqual({ name: 'empty' });
  expect(faultNames({ name: 'a/b' })).toEqual({ name: 'separator' });
  expect(faultNames({ name: 'x'.repeat(129) })).toEqual({ name: 'tooLong' });
  expect(faultNames({ description: 'ü'.repeat(513) })).toEqual({ description: 'tooLong' });
  expect(faultNames({ userLimit: '' })).toEqual({ userLimit: 'notInRange' });
  expect(faultNames({ position: 1.5 })).toEqual({ position: 'notInRange' });
  expect(faultNames({ bundleWindowMs: 21 })).toEqual({ bundleWindowMs: 'notInRange' });
  expect(faultNames({ bitrateKbps: 400, frameMs: 60 })).toEqual({ bitrateKbps: 'bitrateForFrame' });
  expect(faultNames({ passwordChange: 'set' })).toEqual({ password: 'empty' });
});
