import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@rookery/transport/testing/freePort';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServerProcess, testOptions } from '../testing/serverProcess.js';

/** Of Debian's package. */
const [prometheus, promtool] = ['/usr/bin/prometheus', '/usr/bin/promtool'];

let directory: string;
let server: ServerProcess;
let adminPort: number;
let scraper: ChildProcess | null = null;

beforeEach(async () => {
  if (!existsSync(prometheus)) {
    throw new Error(`${prometheus} is missing: run scripts/installTestPackages.sh`);
  }
  directory = await mkdtemp(join(tmpdir(), 'rookery-prometheus-'));
  server = new ServerProcess({
    args: ['--json', '--data', join(directory, 'server'), ...testOptions],
  });
  adminPort = (await server.started()).admin.port;
});
afterEach(async () => {
  if (scraper !== null && scraper.exitCode === null) {
    scraper.kill('SIGKILL');
    await once(scraper, 'close');
  }
  scraper = null;
  server.kill('SIGKILL');
  await server.exited;
  await rm(directory, { recursive: true });
});

/** @returns what `data` of its answer holds; null while it does not answer yet */
async function ask<Data>(port: number, path: string): Promise<Data | null> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => null);
  return response?.ok === true ? ((await response.json()) as { data: Data }).data : null;
}

interface Targets {
  readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
}

interface Vector {
  readonly result: readonly { readonly value: readonly [number, string] }[];
}

test('a Prometheus server scrapes it, and has nothing to say about it', async () => {
  const config = [
    'global: { scrape_interval: 1s }',
    'scrape_configs:',
    `  - { job_name: rookery, static_configs: [{ targets: ['127.0.0.1:${adminPort}'] }] }`,
  ];
  const configFile = join(directory, 'prometheus.yml');
  await writeFile(configFile, `${config.join('\n')}\n`);
  const port = await freePort();
  let said = '';
  scraper = spawn(
    prometheus,
    [
      ...[`--config.file=${configFile}`, `--storage.tsdb.path=${join(directory, 'tsdb')}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  scraper.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
  const patient = { timeout: 20_000, interval: 200 };
  const target = async () => (await ask<Targets>(port, 'targets'))?.activeTargets[0];
  await expect.poll(target, patient).toMatchObject({ health: 'up', lastError: '' });
  const figure = async (query: string) =>
    Number((await ask<Vector>(port, `query?query=${query}`))?.result[0]?.value[1]);
  await expect.poll(() => figure('rookery_draining'), patient).toBe(0);
  expect(await figure('scrape_samples_scraped')).toBeGreaterThan(100);
  expect(said).toBe('');
});

test('its metrics pass promtool', async () => {
  const page = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const options = { input: page, encoding: 'utf8' } as const;
  expect(execFileSync(promtool, ['check', 'metrics'], options)).toBe('');
});
