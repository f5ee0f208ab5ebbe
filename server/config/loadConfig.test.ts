import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forEachFuzzCase } from '@rookery/schemas/testing/fuzzCases';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { ServerError } from '../errors.js';
import { layerOfOptions, layerOfToml, layerOfVariables } from './configLayers.js';
import { configKeys, variableOf } from './configSchema.js';
import { loadConfig } from './loadConfig.js';
import type { ServerConfig } from './serverConfig.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-config-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

type Env = Record<string, string>;

function load(argv: string[], env: Env = {}): ReturnType<typeof loadConfig> {
  return loadConfig(argv, { env, homeDirectory: directory, workingDirectory: directory });
}

function config(argv: string[], env: Env = {}): ServerConfig {
  const result = load(argv, env);
  if (result.kind !== 'run') throw new Error('expected a configuration');
  return result.config;
}

function refusal(argv: string[], env: Env = {}): string {
  try {
    load(argv, env);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('invalidConfig');
    return error.message;
  }
  throw new Error('expected a refusal');
}

function toml(text: string): void {
  writeFileSync(join(directory, 'rookery.toml'), text);
}

describe('defaults', () => {
  test('stand where nothing is given', () => {
    expect(config([])).toEqual({
      dataDirectory: join(directory, '.local', 'share', 'rookery'),
      host: '::',
      port: 4640,
      voicePort: 4641,
      adminPort: 4642,
      adminTls: null,
      relayWorkers: null,
      bundleWindowMs: 5,
      streams: {
        hotRoomsMax: 10,
        hotMessagesPerSecond: 100,
        calmMessagesPerSecond: 20,
        coolDownMs: 60_000,
      },
      retention: { keepDays: 0, keepMessages: 0 },
      uploads: {
        sizeBytesMax: 104_857_600,
        userBytesMax: 1_073_741_824,
        serverBytesMax: 10_737_418_240,
        keptMsMax: null,
      },
      everyoneIs: 'guest',
      abuse: { failuresMax: 10, addressShare: 16, workBits: 0, workBitsUnderLoad: 18 },
      registration: null,
      bots: 'operators',
      serverCard: 'shown',
      log: { levels: { base: 'info', parts: {} }, format: 'auto', file: null },
      cpuProfile: null,
      name: 'Rookery',
      password: null,
      certificateFiles: null,
      update: { url: null, key: null },
      acme: null,
    });
  });

  test('put the data where XDG says, if that is an absolute path', () => {
    expect(config([], { XDG_DATA_HOME: '/srv' }).dataDirectory).toBe('/srv/rookery');
    expect(config([], { XDG_DATA_HOME: 'srv' }).dataDirectory).toContain('.local');
  });
});

describe('sources', () => {
  test('options override variables, variables the file, the file the defaults', () => {
    toml('port = 1\nvoice-port = 2\nadmin-port = 3\nname = "File"\n');
    const env = { ROOKERY_DATA: directory, ROOKERY_PORT: '11', ROOKERY_VOICE_PORT: '12' };
    expect(config(['--port', '21'], env)).toMatchObject({
      port: 21,
      voicePort: 12,
      adminPort: 3,
      name: 'File',
    });
  });

  test('the admin interface answers other machines only where it is told to', () => {
    expect(config(['--admin-tls-port', '7']).adminTls).toBeNull();
    expect(config(['--admin-tls-host', '::']).adminTls).toEqual({ host: '::', port: 4643 });
    expect(() => config(['--admin-tls-host', 'no host'])).toThrow('admin-tls-host');
  });

  test('--config names another file, and so does its variable', () => {
    writeFileSync(join(directory, 'other.toml'), 'data = "here"\nport = 7\n');
    const expected = { port: 7, dataDirectory: join(directory, 'here') };
    expect(config(['--config', 'other.toml'])).toMatchObject(expected);
    expect(config([], { ROOKERY_CONFIG: 'other.toml' })).toMatchObject(expected);
  });

  test('the relay has as many workers and waits as long as it is told', () => {
    const variables = { ROOKERY_RELAY_WORKERS: '3' };
    expect(config(['--bundle-window', '0'], variables)).toMatchObject({
      relayWorkers: 3,
      bundleWindowMs: 0,
    });
  });

  test('a name is kept normalised', () => {
    expect(config(['--name', '  The   Nest ']).name).toBe('The Nest');
  });

  test('a path in a file is relative to the file', () => {
    toml('certificate = "a.pem"\nkey = "b.pem"\n');
    expect(config(['--data', directory]).certificateFiles).toEqual({
      certificate: join(directory, 'a.pem'),
      key: join(directory, 'b.pem'),
    });
  });
});

describe('refuses, naming key, value, source and what is allowed', () => {
  const allowedPort = 'Allowed: a whole number from 0 to 65535 (0: any free port).';

  test('invalid values of each source', () => {
    expect(refusal(['--port', '65536'])).toBe(
      `Invalid value for option --port: "65536". ${allowedPort}`,
    );
    expect(refusal([], { ROOKERY_VOICE_PORT: '1e3' })).toBe(
      `Invalid value for variable ROOKERY_VOICE_PORT: "1e3". ${allowedPort}`,
    );
    toml('admin-port = 1.5');
    expect(refusal(['--data', directory])).toBe(
      `Invalid value for "admin-port" in ${join(directory, 'rookery.toml')}: 1.5. ${allowedPort}`,
    );
  });

  test('an invalid value although another source overrides it', () => {
    expect(refusal(['--port', '1'], { ROOKERY_PORT: 'x' })).toContain('ROOKERY_PORT');
  });

  test('unknown keys, variables and options', () => {
    toml('prt = 4');
    expect(refusal(['--data', directory])).toMatch(
      /Unknown key "prt" in .*\(value 4\). Did you mean port\? Allowed: /,
    );
    expect(refusal([], { ROOKERY_PRT: '4' })).toMatch(
      /Unknown variable ROOKERY_PRT \(value "4"\). Did you mean ROOKERY_PORT\? Allowed: /,
    );
    expect(refusal(['--prt=4'])).toMatch(
      /Unknown option '--prt=4'. Did you mean --port\? Allowed: --data, /,
    );
    expect(refusal(['extra'])).toContain('Allowed: ');
    expect(refusal(['--port'])).toContain('Allowed: ');
  });

  test.each([
    [['--host', 'not a host']],
    [['--host', '']],
    [['--log-level', 'loud']],
    [['--server-card', 'no']],
    [['--relay-workers', '0']],
    [['--relay-workers', '65']],
    [['--bundle-window', '21']],
    [['--bundle-window', '-1']],
    [['--keep-days', '40000']],
    [['--keep-messages', '1.5']],
    [['--file-size', '0']],
    [['--file-size', '2000']],
    [['--hot-rooms', '17']],
    [['--hot-room-rate', '20']],
    [['--hot-room-cool-down', '0']],
    [['--user-quota', '20000']],
    [['--keep-files', '-1']],
    [['--ban-after', '1001']],
    [['--address-share', '-1']],
    [['--join-work', '21']],
    [['--join-work-under-load', 'auto']],
    [['--name', '\u202e']],
    [['--data', '']],
    [['--password', '']],
  ])('%j', (argv) => {
    expect(refusal(argv)).toContain('Allowed: ');
  });

  test('what does not fit together', () => {
    expect(refusal(['--certificate', 'a.pem'])).toContain('"key"');
    expect(refusal(['--key', 'a.pem'])).toContain('"certificate"');
    expect(refusal(['--port', '5', '--voice-port', '5'])).toContain('two different UDP ports');
    toml(`data = "${directory}/elsewhere"`);
    expect(refusal(['--data', directory])).toContain('--config');
  });

  test('nothing where the data directory cannot have a file: whoever opens it tells', () => {
    writeFileSync(join(directory, 'file'), '');
    const dataDirectory = join(directory, 'file', 'data');
    expect(config(['--data', dataDirectory])).toMatchObject({ dataDirectory });
  });

  test('files that are absent, too long or no TOML', () => {
    expect(refusal(['--config', 'absent.toml'])).toContain('absent.toml');
    toml('port = = 4');
    expect(refusal(['--data', directory])).toContain('not valid TOML');
    toml(`# ${'x'.repeat(70_000)}`);
    expect(refusal(['--data', directory])).toContain('too long');
  });

  test('but never shows a password, mistyped or not', () => {
    const secret = 'hunter2'.repeat(200);
    toml(`passwrd = "${secret}"`);
    const refusals = [
      refusal(['--password', secret]),
      refusal([], { ROOKERY_PASSWORD: secret }),
      refusal([], { ROOKERY_PASWORD_TOKEN: secret }),
      refusal(['--data', directory]),
    ];
    for (const text of refusals) expect(text).not.toContain('hunter2');
  });
});

describe('--help', () => {
  test('names every key with its allowed values', () => {
    const result = load(['--help']);
    if (result.kind !== 'text') throw new Error('expected help');
    for (const key of configKeys) expect(result.text).toContain(`--${key} <`);
    expect(result.text).toContain('a whole number from 0 to 65535');
    expect(result.text).toMatch(/--relay-workers <COUNT> .*\(default: one for each core\)/);
    expect(result.text).toMatch(/bundle-window +a whole number from 0 to 20\n/);
  });

  test('--version prints the version', () => {
    expect(load(['--version'])).toEqual({ kind: 'text', text: '0.1.0\n' });
  });
});

const values = ['""', '"x"', '0', '-1', '4640', '1e99', 'nan', '[]', '{}', 'true', '"\\u0000"'];
const moreValues = ['1979-05-27', '07:32:00', '"::1"', "'''a\nb'''", '[[[[1]]]]', '0x_', '='];

function randomToml(random: SeededRandom): string {
  let text = '';
  for (let lines = random.below(4); lines >= 0; lines--) {
    const key = random.chance(0.8) ? pick(random, configKeys) : randomText(random);
    text += `${key} = ${pick(random, [...values, ...moreValues])}\n`;
  }
  if (random.chance(0.5)) return text;
  const at = random.below(text.length);
  return text.slice(0, at) + randomText(random) + text.slice(at + random.below(3));
}

function randomText(random: SeededRandom): string {
  return Buffer.from(random.bytes(random.below(12))).toString(random.chance(0.5) ? 'utf8' : 'hex');
}

function pick<T>(random: SeededRandom, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

test('random files, variables and options give a configuration or a ServerError', () => {
  forEachFuzzCase((random, index) => {
    const key = pick(random, configKeys);
    const text = random.chance(0.5) ? randomText(random) : pick(random, ['1', '::', 'debug']);
    try {
      if (index % 3 === 0) layerOfToml(randomToml(random), '/etc/rookery.toml');
      if (index % 3 === 1) layerOfVariables({ [variableOf(key)]: text }, new Set());
      if (index % 3 === 2) layerOfOptions({ [random.chance(0.9) ? key : text]: text });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // Not by expect(), which takes ten times as long as what is tested.
      assert.equal(error.code, 'invalidConfig');
      assert(error.message.length < 2_000, error.message);
    }
  });
});

test('random command lines give a configuration, a text or a ServerError', () => {
  const words = [...configKeys.map((key) => `--${key}`), '--', '-x', '--json', '--help', '=', '7'];
  forEachFuzzCase((random, index) => {
    // A parser is made for each: one case in a hundred is enough.
    if (index % 100 !== 0) return;
    const argv = Array.from({ length: random.below(5) }, () =>
      random.chance(0.8) ? pick(random, words) : randomText(random),
    );
    try {
      load(argv, { ROOKERY_DATA: directory });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
    }
  });
});
