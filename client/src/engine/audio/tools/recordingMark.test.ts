import { defaultSession } from '@rookery/schemas/protocol';
import { beforeEach, expect, it } from 'vitest';
import { ClientError } from '../../clientError.js';
import { initialState, type EngineFault, type State } from '../../engineState.js';
import { fixedView } from '../../testing/fixedView.js';
import { RecordingMark } from './recordingMark.js';

let state: State;
let asked: boolean[];
let answer: () => Promise<void>;
let refused: EngineFault[];
let mark: RecordingMark;

beforeEach(() => {
  state = initialState;
  asked = [];
  refused = [];
  answer = () => Promise.resolve();
  const host = {
    get state() {
      return state;
    },
    setRecording: (isRecording: boolean) => {
      asked.push(isRecording);
      return answer();
    },
  };
  mark = new RecordingMark(host, (fault) => refused.push(fault));
});

/** @param isRecording what the server shows; null while there is no connection */
function show(isRecording: boolean | null, sessionToken = 1): void {
  const phase = isRecording === null ? 'reconnecting' : 'connected';
  const connection = { phase, sessionToken } as State['connection'];
  const own = { ...defaultSession, sessionToken, userId: '', displayName: 'Ada' };
  const view = fixedView([], [{ ...own, isRecording: isRecording === true }], sessionToken);
  state = { ...initialState, connection, view };
  mark.follow(state);
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('is set before one records, once a session, and taken away after', async () => {
  show(false);
  await mark.begin();
  show(false);
  show(true);
  expect(asked).toEqual([true]);
  mark.end();
  show(true);
  expect(asked).toEqual([true, false]);
});

it('is set in every session that comes', async () => {
  await mark.begin();
  expect(asked).toEqual([]);
  show(false, 1);
  show(null);
  show(true, 1);
  show(false, 2);
  expect(asked).toEqual([true, true]);
});

it('is asked for again where the connection was lost over it', async () => {
  answer = () => Promise.reject(new ClientError('disconnected', 'lost'));
  show(false);
  await mark.begin();
  answer = () => Promise.resolve();
  show(false);
  expect(asked).toEqual([true, true]);
});

it('that came back after one has stopped is taken away', async () => {
  show(false);
  await mark.begin();
  show(null);
  mark.end();
  expect(asked).toEqual([true]);
  show(true);
  expect(asked).toEqual([true, false]);
});

it('is left alone where somebody else set it', () => {
  show(true);
  mark.end();
  show(true);
  expect(asked).toEqual([]);
});

it('says that it is refused, at the beginning or later', async () => {
  answer = () => Promise.reject(new ClientError('commandRefused', 'no'));
  const permitted = {
    code: 'commandRefused',
    message: expect.stringContaining('permitted') as string,
  };
  show(false);
  await expect(mark.begin()).rejects.toMatchObject(permitted);
  expect(refused).toEqual([]);
  show(false, 2);
  await settled();
  expect(refused).toEqual([permitted]);
});
