import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/engine.js';
import { parseServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { sendChat, type ChatOptions } from './chatCommand.js';
import { downloadFile, uploadFiles } from './fileCommand.js';
import type { Output, OutputEvent } from './output.js';
import { markRead, searchMessages } from './readingCommand.js';
import { createTalk } from './talksCommand.js';
import { actOnMessage, printHistory, printPins, type TextAct } from './textCommand.js';

let scratch: ScratchFolder;
let server: TestServer;
let address: ServerAddress;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  address = parseServerAddress(server.address);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

/** What `name` gives with `--to`. The commands run here: processes of their own take long. */
function as(name: string, to: string): ChatOptions {
  const profile = scratch.in(name);
  return { server: address, name, password: '', profile, timeout: 5, room: ['Lobby'], to };
}

/** Runs a command. @returns all that it told as events. */
async function eventsOf(command: (output: Output) => Promise<void>): Promise<OutputEvent[]> {
  const events: OutputEvent[] = [];
  const tell = (event: OutputEvent): void => void events.push(event);
  const error = (): void => undefined;
  await command({ progress: tell, result: tell, table: tell, detail: tell, error });
  return events;
}

const messagesOf = (events: readonly OutputEvent[]): OutputEvent[] =>
  events.filter(({ event }) => event === 'message');

async function send(name: string, to: string, text: string): Promise<string> {
  const events = await eventsOf((output) => sendChat(as(name, to), text, output));
  expect(events.at(-1)).toMatchObject({ event: 'sent', talk: to });
  return events.at(-1)!['messageId'] as string;
}

async function history(name: string, to: string): Promise<OutputEvent[]> {
  const query = { before: null };
  return messagesOf(await eventsOf((output) => printHistory(as(name, to), query, 50, output)));
}

/** Makes somebody known to the server. */
async function meet(displayName: string, folder = displayName): Promise<void> {
  const engine = openEngine({
    profileFolder: scratch.in(folder),
    clientName: 'test',
    timeoutMs: 5_000,
    reconnectMs: 0,
  });
  await engine.connect({ address, displayName, password: '' });
  await engine.close();
}

describe('rookery chat --to', () => {
  it('reads and changes what was written to somebody, who sees it too', async () => {
    await meet('Berta');
    const act = (name: string, to: string, what: TextAct) =>
      eventsOf((output) => actOnMessage(as(name, to), what, output));
    const [first, second] = [
      await send('Anna', 'berta', 'frist'),
      await send('Anna', 'Berta', 'and away'),
    ];
    await act('Anna', 'Berta', { kind: 'edit', messageId: first, value: 'first' });
    await act('Berta', 'Anna', { kind: 'react', messageId: first, value: '👍' });
    await act('Berta', 'Anna', { kind: 'pin', messageId: first, value: '' });
    await act('Anna', 'Berta', { kind: 'delete', messageId: second, value: '' });
    expect(await history('Berta', 'Anna')).toMatchObject([
      { messageId: first, text: 'first', room: null, reactions: [{ emoji: '👍', mine: true }] },
      { messageId: second, deleted: true },
    ]);
    const found = await eventsOf((output) =>
      searchMessages(as('Berta', 'Anna'), 'first', null, output),
    );
    expect(messagesOf(found)).toMatchObject([{ messageId: first }]);
    const read = await eventsOf((output) => markRead(as('Berta', 'Anna'), output));
    expect(read.at(-1)).toMatchObject({ event: 'read', talk: 'Anna' });
    const pins = await eventsOf((output) => printPins(as('Anna', 'Berta'), output));
    expect(messagesOf(pins)).toMatchObject([{ messageId: first }]);
  });

  it('gives files to somebody, and fetches them', async () => {
    await meet('Carla');
    await writeFile(scratch.in('nest.txt'), 'three eggs');
    const sent = await eventsOf((output) =>
      uploadFiles(as('Anna', 'Carla'), [scratch.in('nest.txt')], 'look', output),
    );
    const { attachmentIds, talk } = sent.at(-1)!;
    expect(talk).toBe('Carla');
    const [uploadId] = attachmentIds as [string];
    const out = scratch.in('fetched.txt');
    const file = { uploadId, path: out, variant: 'original' } as const;
    await eventsOf((output) => downloadFile(as('Carla', 'Anna'), file, output));
    expect(await readFile(out, 'utf8')).toBe('three eggs');
  });

  it('writes to a group that one takes part in, unless somebody is called the same', async () => {
    await meet('Dora');
    await eventsOf((output) => createTalk(as('Anna', ''), 'Chess', ['Dora'], output));
    await send('Anna', 'Chess', 'e4');
    expect(await history('Dora', 'Chess')).toMatchObject([{ text: 'e4', displayName: 'Anna' }]);
    await meet('chess');
    await expect(send('Anna', 'Chess', 'e5')).rejects.toThrow(/several people or talks are called/);
  });

  it('says who was never here, who has namesakes, and that nobody talks to oneself', async () => {
    await expect(send('Anna', 'Nobody', 'x')).rejects.toThrow('nobody called "Nobody"');
    await meet('Robin', 'one Robin');
    await meet('Robin', 'other Robin');
    await expect(send('Anna', 'Robin', 'x')).rejects.toThrow('2 people are called "Robin"');
    await expect(send('Anna', 'Anna', 'x')).rejects.toMatchObject({ code: 'commandRefused' });
  });
});
