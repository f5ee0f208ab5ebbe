import { rootRoomId } from '@rookery/schemas/protocol';
import type { SendMessage, Uuid } from '@rookery/schemas/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { ClientError } from './clientError.js';
import { OutgoingMessages, type OutgoingMessage } from './outgoingMessages.js';

const user = { host: 'a.example', port: 4_640, publicKey: new Uint8Array(32).fill(7) };
const lost = (): ClientError => new ClientError('disconnected', 'lost');
let scratch: ScratchFolder;
let path: string;
let sent: SendMessage[];
let shown: readonly OutgoingMessage[];
/** Of the next messages, the first first; null takes one. */
let faults: (ClientError | null)[];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(async () => {
  await scratch.remove();
});
beforeEach((context) => {
  path = scratch.in(`${context.task.id}.json`);
  sent = [];
  shown = [];
  faults = [];
});

async function open(isQueueing = true): Promise<OutgoingMessages> {
  const outgoing = new OutgoingMessages({
    path,
    isQueueing,
    send: (command) => {
      sent.push(command);
      const fault = faults.shift() ?? null;
      return fault === null ? Promise.resolve(idOf(command)) : Promise.reject(fault);
    },
    onChange: (messages) => (shown = messages),
  });
  await outgoing.open(user);
  return outgoing;
}

const idOf = ({ clientMessageId }: SendMessage): Uuid => clientMessageId;
const said = (text: string) => ({ roomId: rootRoomId, text, replyToId: null, attachmentIds: [] });
const texts = (): string[] => sent.map(({ text }) => text);
const statuses = (): string[] => shown.map(({ status }) => status);

describe('a message', () => {
  it('is sent at once where there is a session, and leaves nothing behind', async () => {
    const outgoing = await open();
    outgoing.follow('connected');
    const messageId = await outgoing.send(said('hello'));
    expect(messageId).toBe(sent[0]!.clientMessageId);
    expect(shown).toEqual([]);
  });

  it('is refused where there never was a session, or nobody tries to come back', async () => {
    const outgoing = await open(false);
    await expect(outgoing.send(said('x'))).rejects.toMatchObject({ code: 'disconnected' });
    outgoing.follow('reconnecting');
    await expect(outgoing.send(said('x'))).rejects.toMatchObject({ code: 'disconnected' });
    outgoing.follow('connected');
    faults = [lost()];
    await expect(outgoing.send(said('x'))).rejects.toMatchObject({ code: 'disconnected' });
    expect(shown).toEqual([]);
  });

  it('waits while the connection is lost, and is sent in its order when it is back', async () => {
    const outgoing = await open();
    outgoing.follow('reconnecting');
    const all = Promise.all(['one', 'two', 'three'].map((text) => outgoing.send(said(text))));
    expect(statuses()).toEqual(['queued', 'queued', 'queued']);
    expect(sent).toEqual([]);
    outgoing.follow('connected');
    const last = outgoing.send(said('four'));
    await all;
    await last;
    expect(texts()).toEqual(['one', 'two', 'three', 'four']);
    expect(shown).toEqual([]);
  });

  it('whose answer was lost is sent again under the same id', async () => {
    const outgoing = await open();
    outgoing.follow('connected');
    faults = [lost()];
    const done = outgoing.send(said('once'));
    await vi.waitFor(() => expect(statuses()).toEqual(['queued']));
    outgoing.follow('reconnecting');
    outgoing.follow('connected');
    await done;
    expect(sent.map(idOf)).toEqual([sent[0]!.clientMessageId, sent[0]!.clientMessageId]);
  });

  it('that the server refuses stays with the reason, to be sent again or forgotten', async () => {
    const outgoing = await open();
    outgoing.follow('connected');
    faults = [new ClientError('commandRefused', 'not here'), null];
    await expect(outgoing.send(said('x'))).rejects.toThrow('not here');
    const reason = { code: 'commandRefused', message: 'not here' };
    expect(shown).toMatchObject([{ status: 'refused', reason, text: 'x' }]);
    outgoing.retry(shown[0]!.clientMessageId);
    await vi.waitFor(() => expect(shown).toEqual([]));
    expect(texts()).toEqual(['x', 'x']);
    outgoing.follow('reconnecting');
    const waiting = outgoing.send(said('y'));
    outgoing.discard(shown[0]!.clientMessageId);
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' });
    expect(shown).toEqual([]);
  });

  it('is one of at most a hundred that wait, or of twenty that were refused', async () => {
    const outgoing = await open();
    outgoing.follow('connected');
    const numbers = Array.from({ length: 30 }, (_, index) => `${index}`);
    faults = numbers.map(() => new ClientError('commandRefused', 'no'));
    await Promise.allSettled(numbers.map((text) => outgoing.send(said(text))));
    expect(shown.map(({ text }) => text)).toEqual(numbers.slice(10));
    outgoing.follow('reconnecting');
    const waiting = Array.from({ length: 100 }, () => outgoing.send(said('x')));
    await expect(outgoing.send(said('one more'))).rejects.toMatchObject({ code: 'invalidInput' });
    outgoing.follow('disconnected');
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    await outgoing.settled();
  });
});

describe('what waits', () => {
  it('outlives a crash, and goes to its own server alone, of its own identity', async () => {
    const before = await open();
    before.follow('reconnecting');
    const waiting = before.send(said('kept'));
    waiting.catch(() => undefined);
    await before.settled();
    const { clientMessageId } = shown[0]!;
    const after = await open();
    expect(shown).toMatchObject([{ clientMessageId, text: 'kept', status: 'queued' }]);
    for (const another of [{ port: 1 }, { publicKey: new Uint8Array(32).fill(8) }]) {
      await after.open({ ...user, ...another });
      expect(shown).toEqual([]);
    }
    await after.open(user);
    after.follow('connected');
    await vi.waitFor(() => expect(shown).toEqual([]));
    await after.settled();
    expect(sent.map(idOf)).toEqual([clientMessageId]);
    await open();
    expect(shown).toEqual([]);
    before.follow('idle');
  });
});
