import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzCases, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandPace } from '../testing/commandPace.js';
import { giveRole } from '../testing/giveRole.js';
import { PermissionsOnWire } from '../testing/permissionsOnWire.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

/** Changes are durable before they are acknowledged, so more only where it is asked for. */
const questionsUnlessSet = 1_000;
const questionsPerRound = 10;

let directory: string;
let server: TestServer;
let owner: TestClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-permissions-'));
  const dataDirectory = join(directory, 'data');
  const identity = createIdentity();
  await giveRole(dataDirectory, identity, 'owner');
  const lanes = commandPace({ perSecond: 1e6, burst: 1e6 });
  server = await startTestServer({ dataDirectory, everyoneIs: 'guest' }, { lanes });
  owner = await server.join({ identity });
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

test('a running server answers as the oracle does', { timeout: fuzzTimeoutMs() }, async () => {
  const { cases, seed } = fuzzCases(questionsUnlessSet);
  const others: TestClient[] = [];
  while (others.length < 4) others.push(await server.join());
  const random = new SeededRandom(seed);
  const wire = new PermissionsOnWire(random, owner, others);
  const answers = { yes: 0, no: 0, tried: 0 };
  for (let asked = 0; asked < cases; asked += questionsPerRound) {
    for (let left = 1 + random.below(2); left > 0; left--) await wire.change();
    const round = await Promise.all(Array.from({ length: questionsPerRound }, () => wire.ask()));
    for (const { question, expected, explained, carriedOut } of round) {
      const what = `ROOKERY_FUZZ_SEED=${seed}, after ${asked}, ${question}: ${explained.text}`;
      expect(explained.allowed, what).toBe(expected);
      if (carriedOut !== null) expect(carriedOut, what).toBe(expected);
      answers[expected ? 'yes' : 'no']++;
      if (carriedOut !== null) answers.tried++;
    }
  }
  // Else most of the rules were never reached.
  expect(Math.min(answers.yes, answers.no) / cases).toBeGreaterThan(0.1);
  expect(answers.tried / cases).toBeGreaterThan(0.1);
});
