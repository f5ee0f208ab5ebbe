import { forEachFuzzCase, fuzzCases, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { PermissionStage } from '../testing/permissionStage.js';
import { allowedIn } from '@rookery/schemas/permissionDecision';
import type { PermissionSet } from '@rookery/schemas/permissions';

/** A world each, so more only where ROOKERY_FUZZ_CASES=100000 asks for it. */
const casesUnlessSet = 3_000;
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
  let dropped = 0;
  // Many worlds: in an old one so much is refused that hardly anything changes an answer.
  for (let world = 0; world < 80; world++) {
    const random = new SeededRandom(Math.imul(seed, 1000) + world);
    const where = `ROOKERY_FUZZ_SEED=${seed}, world ${world}`;
    const stage = new PermissionStage(random, { rooms: 10, groups: 4, users: 5, sessions: 7 });
    const known = new Map<string, PermissionSet>();
    for (let step = 0; step < 40; step++) {
      for (const { sessionToken, roomIds } of stage.change()) {
        for (const id of roomIds) if (known.delete(`${sessionToken} ${id}`)) dropped++;
      }
      ask(stage, known, random, `${where}, step ${step}`);
    }
  }
  expect(dropped).toBeGreaterThan(3000);
});

/** Asks for what is not known, now and then, and compares all that is with fresh answers. */
function ask(
  { desk, book, model, sessions }: PermissionStage,
  known: Map<string, PermissionSet>,
  random: SeededRandom,
  where: string,
): void {
  for (const { id } of model.rooms) {
    for (const token of sessions.keys()) {
      const key = `${token} ${id}`;
      if (!known.has(key) && random.chance(0.1)) continue;
      known.set(key, desk.allowedIn(token, id));
      const fresh = allowedIn(book, desk.subject(token), id);
      if (known.get(key) !== fresh) expect.fail(`${where}: ${key} was not dropped`);
    }
  }
}
