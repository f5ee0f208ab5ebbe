import { expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { ShownServer } from '@rookery/client/host/serverDesk';
import { cardNotes, closerNotes, type CardState } from './cardNotes.js';

type Card = NonNullable<ShownServer['card']>;

function seen(card: Partial<Card> | null, change: Partial<ShownServer> = {}): CardState {
  const whole: Card = {
    type: FrameType.ServerCard,
    protocolVersion: 1,
    version: '0.1.0',
    serverName: 'Rook',
    members: 3,
    membersMax: 10,
    passwordRequired: false,
    registration: Registration.Open,
    ...card,
  };
  const fingerprint = 'AA:BB:CC:DD:EE';
  const server = { fingerprint, pin: 'known', roundTripMs: 0.2, card: card && whole } as const;
  return { phase: 'seen', server: { ...server, ...change } };
}
const keysOf = (state: CardState) => cardNotes(state).map(({ key }) => key);

test('says how many are there, how far it is, and what it asks for', () => {
  expect(cardNotes(seen({}))).toEqual([
    { key: 'members', values: { members: 3, max: 10 } },
    { key: 'ping', values: { ms: 1 } },
  ]);
  expect(keysOf(seen({ passwordRequired: true }))).toContain('password');
  expect(keysOf(seen({ registration: Registration.Invitation }))).toContain('invitation');
  expect(keysOf(seen({ registration: Registration.Approval }))).toContain('approval');
  expect(keysOf(seen({ members: 10 }))).toContain('full');
});

test('says first that the key is another one', () => {
  expect(keysOf(seen({}, { pin: 'changed' }))[0]).toBe('changed');
});

test('says what there is to say of one that shows nothing, or does not answer', () => {
  expect(keysOf(seen(null))).toEqual(['hidden', 'ping']);
  expect(keysOf({ phase: 'asking' })).toEqual(['asking']);
  const fault = { code: 'unreachable', message: '' } as const;
  expect(keysOf({ phase: 'fault', fault })).toEqual(['unreachable']);
});

test('tells version and key to who looks closer', () => {
  expect(closerNotes(seen({}))).toEqual([
    { key: 'version', values: { version: '0.1.0' } },
    { key: 'key', values: { start: 'AA:BB:CC:DD' } },
  ]);
  expect(closerNotes(undefined)).toEqual([]);
});
