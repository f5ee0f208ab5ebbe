import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { checkData } from './checkData.js';
import { openStore } from './store.js';

/** Rounds of writing and killing; ROOKERY_KILL_ROUNDS=1000 for the full run. */
const rounds = Number(process.env['ROOKERY_KILL_ROUNDS'] ?? 12);
const seed = Number(process.env['ROOKERY_KILL_SEED'] ?? 1);
/** Acknowledgements after which a writer is killed, at most: from a burst to many groups. */
const acknowledgedMax = 600;
const roundMsMax = 10_000;
/** Then a new one is begun, so that the rounds stay equally long. */
const roundsPerDatabase = 50;

const program = fileURLToPath(new URL('../testing/storeWriter.js', import.meta.url));

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-kill-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** What writers were told that it is kept, over all rounds. */
class Acknowledged {
  readonly messages = new Map<Uuid, Uuid>();
  readonly texts = new Map<Uuid, string>();
  /** Messages with a reaction. */
  readonly reacted = new Set<Uuid>();
  /** Sent, and not yet acknowledged. */
  readonly open = new Set<Uuid>();
  count = 0;
  isReady = false;

  beginRound(): void {
    this.isReady = false;
  }

  note(line: string): void {
    const [what, id = '', more = ''] = JSON.parse(line) as string[];
    if (what === 'ready') this.isReady = true;
    if (what === 'sending') this.open.add(id);
    if (!['sent', 'edited', 'reacted', 'room'].includes(what!)) return;
    if (what === 'reacted') this.reacted.add(id);
    this.count += 1;
    if (what === 'edited') this.texts.set(id, more);
    if (what !== 'sent') return;
    expect(this.messages.get(id) ?? more, 'a message has one id').toBe(more);
    this.messages.set(id, more);
    this.open.delete(id);
  }
}

async function writeAndKill(round: number, known: Acknowledged): Promise<void> {
  const random = new SeededRandom(seed * 100_000 + round);
  const args = [directory, String(round), JSON.stringify([...known.open])];
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
  const writer = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: Object.fromEntries(kept),
  });
  const exited = once(writer, 'exit');
  const until = known.count + known.open.size + random.below(acknowledgedMax);
  // Some die while they open the database, or at any moment after.
  const early = random.chance(0.1)
    ? setTimeout(() => writer.kill('SIGKILL'), random.below(400))
    : null;
  known.beginRound();
  for await (const line of createInterface({ input: writer.stdout })) {
    // The last line may be cut in its middle.
    if (line.endsWith(']')) known.note(line);
    if (known.isReady && known.count >= until) writer.kill('SIGKILL');
  }
  if (early !== null) clearTimeout(early);
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  expect(signal, `round ${round}, seed ${seed}`).toBe('SIGKILL');
}

async function expectNothingLost(round: number, known: Acknowledged): Promise<void> {
  const where = `round ${round}, seed ${seed}`;
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory: directory, limits: controlLimits.store, log });
  const messages = store.messages.after(rootRoomId, null, Infinity);
  await store.close();
  const idsByClientId = new Map<Uuid, Uuid>();
  for (const { clientMessageId, messageId } of messages) {
    expect(idsByClientId.has(clientMessageId), `${where}: doubled`).toBe(false);
    idsByClientId.set(clientMessageId, messageId);
  }
  const lost = [...known.messages].filter(([id, messageId]) => idsByClientId.get(id) !== messageId);
  expect(lost, `${where}: lost`).toEqual([]);
  const texts = new Map(messages.map(({ messageId, text }) => [messageId, text]));
  const unedited = [...known.texts].filter(([id, text]) => texts.get(id) !== text);
  expect(unedited, `${where}: edits lost`).toEqual([]);
  const counts = new Map(messages.map(({ messageId, reactions }) => [messageId, reactions]));
  const unreacted = [...known.reacted].filter((id) => counts.get(id)?.[0]?.count !== 1);
  expect(unreacted, `${where}: reactions lost`).toEqual([]);
  const { problems } = await checkData(directory);
  expect(problems, where).toEqual([]);
}

test(
  `${rounds} kills while writing lose nothing that was acknowledged, and double nothing`,
  async () => {
    let known = new Acknowledged();
    let acknowledged = 0;
    for (let round = 1; round <= rounds; round++) {
      await writeAndKill(round, known);
      // Reading all of it each time would take longer than the rest.
      if (round % 5 === 0 || round === rounds) await expectNothingLost(round, known);
      if (round % roundsPerDatabase > 0 && round < rounds) continue;
      acknowledged += known.count;
      known = new Acknowledged();
      rmSync(directory, { recursive: true });
    }
    expect(acknowledged).toBeGreaterThan(rounds);
  },
  rounds * roundMsMax,
);
