import { FrameType } from '@rookery/schemas/frameType';
import type { ReceivedMessage } from '@rookery/schemas/messages';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientError } from './clientError.js';
import { Requests } from './requests.js';

const done = (requestId: number): ReceivedMessage => ({
  message: { type: FrameType.CommandDone, createdId: null, listId: 0 },
  requestId,
  stateHash: null,
});

let requests: Requests;
let sent: number[];
const ask = (timeoutMs = 1_000) => requests.ask((requestId) => sent.push(requestId), timeoutMs);

beforeEach(() => {
  vi.useFakeTimers();
  requests = new Requests();
  sent = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Requests', () => {
  it('gives each question the answer with its id, in whatever order they come', async () => {
    const first = ask();
    const second = ask();
    const answers: string[] = [];
    void first.then(() => answers.push('first'));
    void second.then(() => answers.push('second'));
    expect(requests.answer(done(sent[1]!))).toBe(true);
    await second;
    expect(requests.answer(done(sent[0]!))).toBe(true);
    await first;
    expect(answers).toEqual(['second', 'first']);
  });

  it('lets go what nobody asked, and an answer that comes twice', async () => {
    const asked = ask();
    expect(requests.answer(done(0))).toBe(false);
    expect(requests.answer(done(sent[0]! + 1))).toBe(false);
    expect(requests.answer(done(sent[0]!))).toBe(true);
    expect(requests.answer(done(sent[0]!))).toBe(false);
    await asked;
  });

  it('rejects what is not answered in time, and takes no late answer', async () => {
    const asked = ask(500);
    vi.advanceTimersByTime(499);
    vi.advanceTimersByTime(1);
    await expect(asked).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the server did not answer within 0.5 s',
    });
    expect(requests.answer(done(sent[0]!))).toBe(false);
  });

  it('rejects everything that waits when the connection is lost', async () => {
    const all = [ask(), ask()];
    const reason = new ClientError('disconnected', 'gone');
    requests.failAll(reason);
    for (const asked of all) await expect(asked).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for nothing that could not be sent', async () => {
    const refused = requests.ask(() => {
      throw new ClientError('invalidInput', 'too long');
    }, 1_000);
    await expect(refused).rejects.toMatchObject({ code: 'invalidInput' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
