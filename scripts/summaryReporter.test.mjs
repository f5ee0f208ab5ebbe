import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { summaryLine } from './summaryReporter.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/* The reporter is tried on vitest itself, in a small checkout with two projects. */
let checkout;
beforeEach(() => {
  mkdirSync(join(root, '.rookery'), { recursive: true });
  checkout = mkdtempSync(join(root, '.rookery', 'summary-'));
  write(
    'config.mjs',
    `import { SummaryReporter } from '${new URL('./summaryReporter.mjs', import.meta.url)}';
    const project = (name) => ({ test: { name, root: name, include: ['*.test.mjs'] } });
    export default { test: { reporters: ['default', new SummaryReporter()],
      projects: [project('one'), project('two')] } };`,
  );
  for (const name of ['one', 'two']) mkdirSync(join(checkout, name));
});
afterEach(() => rmSync(checkout, { recursive: true }));

const write = (path, text) => writeFileSync(join(checkout, path), text);
const writeTests = (path, body) =>
  write(path, `import { test, beforeAll } from 'vitest';\n${body}`);
const passing = "test('passes', () => undefined);";
const failing = "test('fails', () => { throw new Error('on purpose'); });";

/** Runs vitest there: its exit code, the last line of its standard output, and all output. */
function run(...args) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', 'config.mjs', ...args],
    { cwd: checkout, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  return { status, closing: stdout.trimEnd().split('\n').at(-1), output: stdout + stderr };
}

test('closes a good run of all projects with the sum', () => {
  writeTests('one/a.test.mjs', passing);
  writeTests('two/b.test.mjs', passing + passing.replace('passes', 'passes too'));
  expect(run()).toMatchObject({ status: 0, closing: '3 passed, 0 failed' });
});

test('counts failed and skipped tests and fails the run', () => {
  writeTests('one/a.test.mjs', passing + failing);
  writeTests('two/b.test.mjs', `${passing} test.skip('later', () => undefined);`);
  expect(run()).toMatchObject({ status: 1, closing: '2 passed, 1 failed, 1 skipped' });
});

test('tells each failed test, and each file that cannot be loaded, and why', () => {
  writeTests(
    'one/a.test.mjs',
    `import { describe } from 'vitest'; describe('this', () => { ${failing} });`,
  );
  writeTests('two/b.test.mjs', "throw new Error('on purpose');");
  const lines = run()
    .output.split('\n')
    .filter((line) => /^(failed|why): /.test(line));
  expect(lines).toHaveLength(6);
  expect(lines.join('\n')).toContain(
    'failed: one/a.test.mjs > this > fails\nwhy: on purpose\nwhy: at one/a.test.mjs:2',
  );
  expect(lines.join('\n')).toContain('failed: two/b.test.mjs\nwhy: on purpose\nwhy: at two/b.');
});

test('tells of a long error only how it begins', () => {
  const message = ['waited', 'for', 'what', 'never', 'came', 'and', 'gave up'].join('\\n');
  writeTests('one/a.test.mjs', `test('waits', () => { throw new Error('${message}'); });`);
  writeTests('two/b.test.mjs', passing);
  const why = run()
    .output.split('\n')
    .filter((line) => line.startsWith('why: '));
  expect(why.slice(0, 5).join(' ')).toBe('why: waited why: for why: what why: never why: came');
  expect(why).toHaveLength(6);
});

test('fails a run in which one project holds no test', () => {
  writeTests('one/a.test.mjs', passing);
  const { status, closing, output } = run();
  expect({ status, closing }).toEqual({ status: 1, closing: '1 passed, 1 failed' });
  expect(output).toContain('No test was found in the project two');
});

test('counts a file that cannot be loaded as a failure', () => {
  writeTests('one/a.test.mjs', passing);
  writeTests('two/b.test.mjs', "throw new Error('on purpose');");
  expect(run()).toMatchObject({ status: 1, closing: '1 passed, 1 failed' });
});

test('counts an error outside of any test as a failure', () => {
  writeTests('one/a.test.mjs', passing);
  writeTests('two/b.test.mjs', `${passing} void Promise.reject(new Error('on purpose'));`);
  expect(run()).toMatchObject({ status: 1, closing: '2 passed, 1 failed' });
});

test('accepts a run of chosen projects or chosen files', () => {
  writeTests('one/a.test.mjs', passing);
  expect(run('--project', 'one')).toMatchObject({ status: 0, closing: '1 passed, 0 failed' });
  expect(run('a.test')).toMatchObject({ status: 0, closing: '1 passed, 0 failed' });
});

test('leaves the skipped out where there is none', () => {
  expect(summaryLine({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
});
