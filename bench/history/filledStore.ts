import { rootRoomId } from '@rookery/schemas/protocol';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { controlLimits } from '@rookery/server/limits';
import { openStore } from '@rookery/server/store/store';
import { pino } from 'pino';

/** Written together; each such commit is one write to the disk. */
const batch = 2_000;

const lines = [
  'Good morning!',
  'A longer one, which takes more than a line in most windows, because somebody had a lot to say ' +
    'about the weather, the game of yesterday, and what there is to be had at the market today.',
  '```\nconst answer = 42;\nconsole.log(answer);\n```',
  '- one\n- two\n- three',
  'See https://example.org/a/page for the rest.',
];

/**
 * Writes messages of all heights into the Lobby of a server that does not run: many more than it
 * takes from anybody in the time of a bench. The oldest is `0: …`.
 */
export async function fillStore(dataDirectory: string, messages: number): Promise<void> {
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory, limits: controlLimits.store, log });
  const beganMs = Date.now() - messages * 1_000;
  for (let from = 0; from < messages; from += batch) {
    const count = Math.min(batch, messages - from);
    await Promise.all(
      Array.from({ length: count }, (_, at) => {
        const number = from + at;
        const sentAtMs = beganMs + number * 1_000;
        const author = Math.floor(number / 3) % 4;
        return store.messages.append({
          roomId: rootRoomId,
          userId: `00000000-0000-4000-8000-00000000010${author}`,
          displayName: `Member ${author}`,
          text: `${number}: ${lines[(number * 7) % lines.length]}`,
          sentAtMs,
          clientMessageId: newTimeOrderedUuid(sentAtMs),
        });
      }),
    );
  }
  await store.close();
}
