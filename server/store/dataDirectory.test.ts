import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServerError } from '../errors.js';
import { openDataDirectory } from './dataDirectory.js';

let directory = '';

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'rookery-data-')), 'data');
});

afterEach(() => {
  rmSync(join(directory, '..'), { recursive: true });
});

function refusal(path: string): ServerError {
  try {
    openDataDirectory(path).close();
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

test('is made for the user alone and given free on close', () => {
  const first = openDataDirectory(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  const { code, message } = refusal(directory);
  expect(code).toBe('dataInUse');
  expect(message).toContain(String(process.pid));
  first.close();
  openDataDirectory(directory).close();
});

/** Holds the directory until it is killed, once it says so. */
function holdingScript(): string {
  const module = import.meta.resolve('./dataDirectory.js');
  return `
    import { openDataDirectory } from ${JSON.stringify(module)};
    openDataDirectory(${JSON.stringify(directory)});
    console.log(process.pid);
    setInterval(() => 0, 1e6);`;
}

// Elsewhere no process can be seen to be one that is over.
test.runIf(process.platform === 'linux')(
  'is had although nobody took notice of the end of who held it',
  async () => {
    const script = `"$0" --input-type=module -e "$1" & exec sleep 600`;
    const parent = spawn('/bin/sh', ['-c', script, process.execPath, holdingScript()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const holder = Number(said.toString());
    process.kill(holder, 'SIGKILL');
    const state = (): string =>
      /\) (\w) /.exec(readFileSync(`/proc/${holder}/stat`, 'latin1'))?.[1] ?? '';
    await expect.poll(state).toBe('Z');
    expect(openDataDirectory(directory).ended).toBe('badly');
    parent.kill('SIGKILL');
  },
);

test('is refused while another process holds it and had again once that is killed', async () => {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', holdingScript()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const { code, message } = refusal(directory);
  expect(code).toBe('dataInUse');
  expect(message).toContain(`process id ${holder.pid}`);
  expect(readdirSync(join(directory, 'lock'))).toHaveLength(1);
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  const next = openDataDirectory(directory);
  expect(next.ended).toBe('badly');
  next.doubt();
  next.close();
  const doubtful = openDataDirectory(directory);
  expect(doubtful.ended).toBe('badly');
  doubtful.close();
  const sound = openDataDirectory(directory);
  expect(sound.ended).toBe('well');
  sound.close();
  expect(readdirSync(join(directory, 'lock'))).toEqual([]);
});

test('is had where the number of a dead holder belongs to somebody else now', () => {
  mkdirSync(join(directory, 'lock'), { recursive: true });
  writeFileSync(join(directory, 'lock', `${process.ppid}.1`), '');
  writeFileSync(join(directory, 'lock', 'nonsense'), '');
  openDataDirectory(directory).close();
  expect(readdirSync(join(directory, 'lock'))).toEqual([]);
});

test('is refused where it is a file', () => {
  writeFileSync(directory, '');
  expect(refusal(directory).code).toBe('unusableData');
});
