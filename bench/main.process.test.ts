import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = fileURLToPath(new URL('./main.js', import.meta.url));
const smallLoad = ['relay', '--receivers', '3', '--seconds', '1', '--warm-up', '0'];

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-bench-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(...args: string[]) {
  const env = { ...process.env, TMPDIR: folder };
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
}

test.runIf(process.platform === 'linux')(
  'prints JSON alone on stdout, ends by itself and leaves nothing behind',
  async () => {
    const bench = start(...smallLoad, '--json');
    let stdout = '';
    bench.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    bench.stderr.resume();
    expect((await once(bench, 'close'))[0]).toBe(0);
    const report = JSON.parse(stdout) as { server: { loss: number; framesDelivered: number } };
    expect(report.server.loss).toBe(0);
    expect(report.server.framesDelivered).toBeGreaterThan(100);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.runIf(process.platform === 'linux')(
  'ends what it has started and removes its folders when it is interrupted',
  async () => {
    const bench = start(...smallLoad, '--runs', '25');
    for await (const line of createInterface({ input: bench.stderr })) {
      if (line.startsWith('run 1')) break;
    }
    expect(readdirSync(folder)).not.toEqual([]);
    bench.kill('SIGINT');
    expect((await once(bench, 'exit'))[0]).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  },
);
