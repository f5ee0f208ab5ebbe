import { writeSync } from 'node:fs';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { openStore } from '../store/store.js';

// Child process of the kill test: writes without end as many at once, and says each thing on stdout
// once it is acknowledged, one JSON array a line. The parent kills it in the middle.
//
//     ["sent", clientMessageId, messageId]   ["edited", messageId, text]   ["reacted", messageId]
//     ["room", name]

const [dataDirectory = '', seed = '1', resend = '[]'] = process.argv.slice(2);
const writersMax = 16;
const userId = '00000000-0000-4000-8000-000000000001';
const roomId = '00000000-0000-4000-8000-0000000000ff';

const random = new SeededRandom(Number(seed));
const store = await openStore({
  dataDirectory,
  limits: controlLimits.store,
  log: pino({ level: 'silent' }),
});

/** Says it before anything else happens, so that it is not lost with the process. */
function say(...line: readonly string[]): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The parent has not read yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

async function send(clientMessageId: string, text: string): Promise<string> {
  const known = store.messages.sentBefore(userId, clientMessageId);
  if (known !== null) return known;
  const message = { roomId: rootRoomId, userId, displayName: 'Ada', text, clientMessageId };
  return (await store.messages.append({ ...message, sentAtMs: Date.now() })).messageId;
}

async function writeOn(writer: number): Promise<void> {
  for (let count = 0; ; count++) {
    const clientMessageId = newTimeOrderedUuid(Date.now());
    say('sending', clientMessageId);
    const messageId = await send(clientMessageId, `${writer}.${count}`);
    say('sent', clientMessageId, messageId);
    if (random.chance(0.2)) {
      const text = `edited ${random.below(1_000_000)} ${'x'.repeat(random.below(3_000))}`;
      await store.messages.edit(rootRoomId, messageId, text, Date.now());
      say('edited', messageId, text);
    }
    if (random.chance(0.2)) {
      const reaction = { userId, emoji: '🐦', isAdded: true };
      await store.messages.react(rootRoomId, messageId, reaction);
      say('reacted', messageId);
    }
    if (random.chance(0.05)) {
      const name = `Room ${random.below(1_000_000)}`;
      const room = { roomId, parentId: rootRoomId, name, ...defaultRoom };
      await store.rooms.put(room, Date.now());
      say('room', name);
    }
  }
}

// As a client does that got no answer before the server was gone.
for (const clientMessageId of JSON.parse(resend) as string[]) {
  say('sent', clientMessageId, await send(clientMessageId, 'again'));
}
say('ready');
await Promise.all(Array.from({ length: writersMax }, (_, writer) => writeOn(writer)));
