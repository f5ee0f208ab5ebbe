import { forEachFuzzCase, fuzzCases, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { PermissionStage } from '../testing/permissionStage.js';
import { allowedIn } from './decide.js';
import type { PermissionSet } from './permissions.js';

/** A seventh of a millisecond each; ROOKERY_FUZZ_CASES=100000 runs as many as there should be. */
const casesUnlessSet = 5_000;
const questionsPerCase = 4;

test('answers random questions as the oracle does', { timeout: fuzzTimeoutMs() }, () => {
  const answers = { yes: 0, no: 0 };
  forEachFuzzCase((random) => {
    const stage = new PermissionStage(random, { rooms: 6, groups: 3, users: 3, sessions: 3 });
    for (let left = 3 + random.below(16); left > 0; left--) stage.change();
    for (let left = questionsPerCase; left > 0; left--) {
      const token = random.below(stage.sessions.length);
      const [permission, roomId] = [stage.permission(), stage.roomId()];
      const expected = stage.model.can(stage.sessions[token]!, permission, roomId);
      const answer = stage.desk.can(token, permission, roomId);
      const { allowed, rule } = stage.desk.explain(stage.desk.subject(token), permission, roomId);
      if (answer !== expected || allowed !== expected) {
        const what = `${stage.sessions[token]!.user}, ${permission}, ${roomId}`;
        throw new Error(`${what}: ${answer} and ${JSON.stringify(rule)}, not ${expected}`);
      }
      answers[expected ? 'yes' : 'no']++;
    }
  }, casesUnlessSet);
  // Else most of the rules were never reached.
  const total = answers.yes + answers.no;
  expect(total).toBe(questionsPerCase * fuzzCases(casesUnlessSet).cases);
  expect(Math.min(answers.yes, answers.no) / total).toBeGreaterThan(0.25);
});

test('keeps no answer that a change made wrong, and tells of each that it drops', () => {
  const { seed } = fuzzCases();
  const random = new SeededRandom(seed);
  const stage = new PermissionStage(random, { rooms: 12, groups: 4, users: 5, sessions: 7 });
  const known = new Map<string, PermissionSet>();
  const counts = { kept: 0, dropped: 0, changed: 0 };
  for (let step = 0; step < 600; step++) {
    const where = `ROOKERY_FUZZ_SEED=${seed}, step ${step}`;
    for (const { sessionToken, roomId } of stage.change()) {
      const before = known.get(`${sessionToken} ${roomId}`);
      expect(before, `${where}: ${sessionToken} ${roomId} was not known`).toBeDefined();
      known.delete(`${sessionToken} ${roomId}`);
      counts.dropped++;
      const subject = stage.desk.subject(sessionToken);
      if (before !== allowedIn(stage.book, subject, roomId)) counts.changed++;
    }
    counts.kept += known.size;
    for (const { id } of stage.model.rooms) {
      for (const token of stage.sessions.keys()) {
        const key = `${token} ${id}`;
        // What is not known is left so now and then, as it is where nobody asks.
        if (!known.has(key) && random.chance(0.1)) continue;
        const expected = allowedIn(stage.book, stage.desk.subject(token), id);
        known.set(key, stage.desk.allowedIn(token, id));
        if (known.get(key) !== expected) expect.fail(`${where}: ${key} was not dropped`);
      }
    }
  }
  expect(counts.dropped).toBeGreaterThan(2000);
});
