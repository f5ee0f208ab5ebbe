import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { runQuietly } from './processes.mjs';

const processes = new URL('./processes.mjs', import.meta.url);

/** A process that runs `script` with Node in the foreground and exits with its code. */
function wrapperOf(script) {
  const source = `import { runInForeground } from '${processes}';
    process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  return ['--input-type=module', '-e', source];
}

test('passes the exit code of the program on', () => {
  const { status } = spawnSync(process.execPath, wrapperOf('process.exitCode = 7'));
  expect(status).toBe(7);
});

test('answers 128 + number where a signal ended the program', () => {
  const { status } = spawnSync(process.execPath, wrapperOf("process.kill(process.pid, 'SIGKILL')"));
  expect(status).toBe(128 + 9);
});

test('sends a signal that arrives twice at once to the program once', async () => {
  // The program counts SIGINT until SIGTERM asks for the count.
  const script = `let count = 0;
    process.on('SIGINT', () => { count += 1; console.log('signal'); });
    process.on('SIGTERM', () => process.exit(count));
    setInterval(() => undefined, 1000); console.log('ready');`;
  const wrapper = spawn(process.execPath, wrapperOf(script), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(wrapper.stdout, 'data');
  wrapper.kill('SIGINT');
  wrapper.kill('SIGINT');
  await once(wrapper.stdout, 'data');
  wrapper.kill('SIGINT');
  wrapper.kill('SIGTERM');
  expect(await once(wrapper, 'exit')).toEqual([1, null]);
});

test('keeps what a quiet program printed and its exit code', async () => {
  const script = "console.log('out'); console.error('err'); process.exitCode = 3;";
  const { code, output } = await runQuietly(process.execPath, ['-e', script]);
  expect(code).toBe(3);
  expect(output).toContain('out\n');
  expect(output).toContain('err\n');
});

test('reports a quiet program that does not exist', async () => {
  expect(await runQuietly('rookery-no-such-program', [])).toMatchObject({ code: 127 });
});
