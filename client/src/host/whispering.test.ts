import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { monotonicMs } from '../engine/audio/monotonicClock.js';
import { ClientError } from '../engine/clientError.js';
import { initialState, type State, type StateListener } from '../engine/engineState.js';
import type { WhisperTargets } from '../engine/whisperLists.js';
import { Whispering, type WhisperEngine } from './whispering.js';
import type { WhisperList } from './whisperLists.js';

const userId = '11111111-1111-4111-8111-111111111111';
const listId = '22222222-2222-4222-8222-222222222222';

const list: WhisperList = {
  listId,
  name: 'Officers',
  key: 'F9',
  fingerprint: 'AA',
  people: [{ userId, name: 'Ben' }],
  rooms: [],
  withChildren: false,
};

/** An engine that notes where what is said goes. */
class NotedEngine {
  readonly said: string[] = [];
  readonly removed: number[] = [];
  untilMs = 0;
  state: State;
  listener: StateListener = () => undefined;
  register: (targets: WhisperTargets) => Promise<number> = () => Promise.resolve(7);

  constructor(mode: 'pushToTalk' | 'continuous', releaseMs = 0) {
    const { audio } = initialState;
    const settings = { ...audio.settings, mode, releaseMs };
    const connection = { phase: 'connected', fingerprint: 'AA' } as State['connection'];
    this.state = { ...initialState, connection, audio: { ...audio, settings } };
  }

  get engine(): WhisperEngine {
    return {
      state: this.state,
      subscribe: (listener: StateListener) => {
        this.listener = listener;
        return () => undefined;
      },
      registerWhisper: (targets: WhisperTargets) => this.register(targets),
      removeWhisper: (id: number) => Promise.resolve(void this.removed.push(id)),
      sound: {
        audience: {
          whisperTo: (id: number) => void this.said.push(`to ${id}`),
          endWhisper: (untilMs: number) => {
            this.said.push('to all');
            this.untilMs = untilMs;
          },
        },
        setKey: (isDown: boolean) => void this.said.push(`key ${isDown}`),
      },
    } as unknown as WhisperEngine;
  }
}

test('says nothing to the room from the first moment, and then all to the list', async () => {
  const noted = new NotedEngine('pushToTalk');
  const whispering = new Whispering(
    noted.engine,
    () => [list],
    () => undefined,
  );
  await whispering.begin({ kind: 'list', listId });
  expect(whispering.current).toEqual({ kind: 'list', listId });
  whispering.end();
  expect(whispering.current).toBeNull();
  await expect.poll(() => noted.said).toEqual(['to 0', 'to 7', 'key true', 'key false', 'to all']);
});

test('keeps the last word, which follows the key, from the room', async () => {
  const noted = new NotedEngine('pushToTalk', 5_000);
  const whispering = new Whispering(
    noted.engine,
    () => [list],
    () => undefined,
  );
  await whispering.begin({ kind: 'list', listId });
  const endMs = monotonicMs();
  whispering.end();
  expect(noted.untilMs).toBeGreaterThan(endMs + 5_000);
});

test('does not whisper where it was let go before the list was made', async () => {
  const noted = new NotedEngine('continuous');
  let answer: (id: number) => void = () => undefined;
  noted.register = () => new Promise((resolve) => (answer = resolve));
  const whispering = new Whispering(
    noted.engine,
    () => [],
    () => undefined,
  );
  const begun = whispering.begin({ kind: 'user', userId });
  whispering.end();
  answer(7);
  await begun;
  await expect.poll(() => noted.said).toEqual(['to 0', 'to all']);
});

test('is heard by nobody where the server refuses, until it is let go', async () => {
  const noted = new NotedEngine('continuous');
  noted.register = () => Promise.reject(new ClientError('commandRefused', 'You lack it.'));
  const whispering = new Whispering(
    noted.engine,
    () => [],
    () => undefined,
  );
  await expect(whispering.begin({ kind: 'user', userId })).rejects.toThrow('You lack it.');
  await turn();
  expect(noted.said).toEqual(['to 0']);
  expect(whispering.isRefused).toBe(true);
  whispering.end();
  expect(whispering.isRefused).toBe(false);
  await expect.poll(() => noted.said).toEqual(['to 0', 'to all']);
});

test('makes a list once, and forgets it with the server', async () => {
  const noted = new NotedEngine('continuous');
  let made = 0;
  noted.register = () => Promise.resolve(++made);
  const whispering = new Whispering(
    noted.engine,
    () => [list],
    () => undefined,
  );
  await whispering.begin({ kind: 'user', userId });
  whispering.end();
  await whispering.begin({ kind: 'user', userId });
  whispering.end();
  expect(made).toBe(1);
  noted.listener({ ...noted.state, connection: { phase: 'idle' } });
  expect(noted.removed).toEqual([1]);
});

test.each([
  [[], 'no such whisper list'],
  [[{ ...list, fingerprint: 'BB' }], 'of another server'],
])('refuses a list that is not there, or of another server', async (lists, words) => {
  const noted = new NotedEngine('continuous');
  const whispering = new Whispering(
    noted.engine,
    () => lists,
    () => undefined,
  );
  await expect(whispering.begin({ kind: 'list', listId })).rejects.toThrow(words);
});

test('whispers to a room, and to those below it where that is wished for', async () => {
  const noted = new NotedEngine('continuous');
  const asked: WhisperTargets[] = [];
  noted.register = (targets) => Promise.resolve(asked.push(targets));
  const whispering = new Whispering(
    noted.engine,
    () => [],
    () => undefined,
  );
  await whispering.begin({ kind: 'room', roomId: userId, withChildren: true });
  expect(asked).toEqual([{ userIds: [], roomIds: [userId], withChildren: true }]);
});
