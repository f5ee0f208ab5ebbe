import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { DoctorFinding } from './findings.js';

const launcher = fileURLToPath(new URL('../../../bin/rookery.mjs', import.meta.url));

/** @returns the address of a module with this code, also within quotes */
function moduleOf(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
}

/** Loaded before a program: what it imports by this name is not for this machine. */
function without(part: string): string {
  const hooks = `export async function resolve(name, context, next) {
    if (name === '${part}') throw new Error('wrong ELF class');
    return next(name, context);
  }`;
  return moduleOf(`import { register } from 'node:module'; register('${moduleOf(hooks)}');`);
}

test.each(['lmdb', 'sodium-native'])('the program names %s where it is broken', async (part) => {
  const argv = ['--import', without(part), launcher, 'doctor', '--json'];
  const run = promisify(execFile)(process.execPath, argv);
  const failed = (await run.catch((error: unknown) => error)) as { code: number; stdout: string };
  expect(failed.code).toBe(1);
  const findings = JSON.parse(failed.stdout) as DoctorFinding[];
  expect(findings.find(({ subject }) => subject === part)).toMatchObject({
    verdict: 'bad',
    text: expect.stringContaining('wrong ELF class') as string,
  });
});
