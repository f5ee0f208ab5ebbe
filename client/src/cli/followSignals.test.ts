import { beforeEach, expect, it } from 'vitest';
import { StateStore } from '../engine/engineState.js';
import { followSignals } from './followSignals.js';
import type { OutputEvent } from './output.js';

const room = '00000000-0000-4000-8000-000000000001';
const ada = '00000000-0000-4000-8000-00000000000a';

let store: StateStore;
let told: OutputEvent[];

beforeEach(() => {
  store = new StateStore();
  told = [];
  followSignals(store, { detail: (event) => told.push(event) });
});

it('tells who types in a room, and that nobody does any more', () => {
  store.update({ typing: new Map([[room, [ada]]]) });
  store.update({ typing: new Map([[room, [ada]]]) });
  store.update({ typing: new Map() });
  expect(told).toEqual([
    { event: 'typing', roomId: room, userIds: [ada] },
    { event: 'typing', roomId: room, userIds: [] },
  ]);
});

it('tells whose presence changed, and of nobody else', () => {
  store.update({ presence: new Map([[1, 'idle']]) });
  store.update({
    presence: new Map([
      [1, 'idle'],
      [2, 'away'],
    ]),
  });
  store.update({ presence: new Map([[2, 'away']]) });
  expect(told.map(({ sessionToken, status }) => [sessionToken, status])).toEqual([
    [1, 'idle'],
    [2, 'away'],
    [1, 'online'],
  ]);
});
