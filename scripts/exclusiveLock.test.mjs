import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withExclusiveLock } from './exclusiveLock.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rookery-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts a process that takes the lock of that name, runs the body, and releases it. */
function startOwner(name, body) {
  const module = new URL('./exclusiveLock.mjs', import.meta.url);
  const source = `import { appendFileSync } from 'node:fs';
    import { withExclusiveLock } from '${module}';
    await withExclusiveLock(${JSON.stringify(name)}, async () => { ${body} });`;
  return spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

test('lets processes in one after the other', async () => {
  const log = join(folder, 'log');
  const body = `appendFileSync(${JSON.stringify(log)}, 'in,');
    await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(${JSON.stringify(log)}, 'out,');`;
  const owners = [1, 2, 3, 4].map(() => startOwner(log, body));
  const codes = await Promise.all(owners.map(async (owner) => (await once(owner, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in,out,'.repeat(4));
});

test('says once that it waits, and goes on when the owner is killed', async () => {
  const owner = startOwner(
    folder,
    "console.log('held'); setInterval(() => undefined, 1000);" +
      'await new Promise(() => undefined);',
  );
  await once(owner.stdout, 'data');
  let waits = 0;
  const order = [];
  const turn = withExclusiveLock(
    folder,
    () => Promise.resolve(order.push('task')),
    () => {
      waits += 1;
      order.push('waiting');
      owner.kill('SIGKILL');
    },
  );
  await turn;
  expect(order).toEqual(['waiting', 'task']);
  expect(waits).toBe(1);
});

test('is free again after a task that failed', async () => {
  const failure = withExclusiveLock(folder, () => Promise.reject(new Error('on purpose')));
  await expect(failure).rejects.toThrow('on purpose');
  expect(await withExclusiveLock(folder, () => Promise.resolve('done'))).toBe('done');
});
