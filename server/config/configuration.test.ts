import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerError } from '../errors.js';
import { Configuration, describeSettings } from './configuration.js';
import { runConfigCommand } from './configCommand.js';
import { configDefaults, configKeys, configSchema, type ConfigKey } from './configSchema.js';
import type { ServerConfig } from './serverConfig.js';

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-configuration-'));
  file = join(directory, 'rookery.toml');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const around = (env: Record<string, string> = {}) => ({
  env: { ROOKERY_DATA: directory, ...env },
  homeDirectory: directory,
  workingDirectory: directory,
});

const open = (options: Record<string, string> = {}, env: Record<string, string> = {}) =>
  new Configuration({ options, configFile: null }, around(env));

const refusalOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ServerError && error.code === 'invalidConfig') return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
};

const settingOf = (configuration: Configuration, key: ConfigKey) =>
  configuration.effective().find((setting) => setting.key === key)!;

describe('the description of all keys', () => {
  test('says of each what a form needs, and is plain data', () => {
    const settings = describeSettings();
    expect(settings.map(({ key }) => key)).toEqual(configKeys);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    for (const { type, range, choices, unit, default: value, defaultText } of settings) {
      if (type === 'number') expect([range, unit]).not.toContain(null);
      if (type === 'choice') expect(choices!.length).toBeGreaterThan(1);
      expect(value ?? defaultText).not.toBeNull();
    }
    expect(settings.filter(({ secret }) => secret).map(({ key }) => key)).toEqual(['password']);
  });

  test('has defaults that are allowed, and ranges that hold', () => {
    for (const { key, range } of describeSettings()) {
      const schema = configSchema.shape[key];
      const defaults: Readonly<Record<string, unknown>> = configDefaults;
      if (key in defaults) expect(schema.safeParse(defaults[key]).success, key).toBe(true);
      if (range === null) continue;
      expect(schema.safeParse(range.min).success).toBe(true);
      expect(schema.safeParse(range.max).success).toBe(true);
      expect(schema.safeParse(range.max + 1).success).toBe(false);
    }
  });
});

describe('a reload', () => {
  test('applies what can be applied, and says what waits for the next start', () => {
    const configuration = open();
    const told: [ServerConfig, readonly ConfigKey[]][] = [];
    const forget = configuration.follow((...change) => told.push(change));
    writeFileSync(file, 'port = 5000\nkeep-days = 7\nlog-level = "warn,relay=debug"\n');
    const report = configuration.reload();
    expect(report).toEqual({ applied: ['keep-days', 'log-level'], needRestart: ['port'] });
    expect(told).toHaveLength(1);
    expect(told[0]![0]).toMatchObject({
      port: 4640,
      retention: { keepDays: 7 },
      log: { levels: { base: 'warn', parts: { relay: 'debug' } } },
    });
    expect(settingOf(configuration, 'port')).toMatchObject({
      ...{ value: 4640, source: 'file', needsRestart: true },
    });
    expect(settingOf(configuration, 'keep-days')).toMatchObject({ value: 7, needsRestart: false });
    // What waits is told again and again, and nothing else.
    expect(configuration.reload()).toEqual({ applied: [], needRestart: ['port'] });
    forget();
    writeFileSync(file, '');
    expect(configuration.reload().needRestart).toEqual([]);
    expect(told).toHaveLength(1);
  });

  test.each(['keep-days = = 1', 'keep-days = 7\nport = "x"', 'keep-days = 7\nnme = "x"'])(
    'of a broken file changes nothing: %s',
    (text) => {
      writeFileSync(file, 'keep-days = 3\n');
      const configuration = open();
      writeFileSync(file, text);
      const before = configuration.effective();
      expect(refusalOf(() => configuration.reload())).not.toBe('');
      expect(configuration.effective()).toEqual(before);
      expect(configuration.running.retention.keepDays).toBe(3);
    },
  );
});

describe('setting a key', () => {
  test('writes the file, keeps its comments and permissions, and reloads', () => {
    writeFileSync(file, '# mine\nkeep-days = 3 # days\n');
    chmodSync(file, 0o640);
    const configuration = open();
    const report = configuration.set({ 'keep-days': '9' });
    expect(report).toEqual({
      ...{ applied: ['keep-days'], needRestart: [], file },
      keys: [{ key: 'keep-days', overriddenBy: null }],
    });
    expect(readFileSync(file, 'utf8')).toBe('# mine\nkeep-days = 9 # days\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(configuration.set({ 'keep-days': null }).applied).toEqual(['keep-days']);
    expect(readFileSync(file, 'utf8')).toBe('# mine\n');
  });

  test('makes the file where there is none, for its user alone', () => {
    open().set({ password: 'a secret' });
    expect(readFileSync(file, 'utf8')).toBe('password = "a secret"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('refuses nonsense, and writes nothing', () => {
    const configuration = open();
    const refused = (key: string, value: string | number | null): string =>
      refusalOf(() => configuration.set({ 'log-level': 'debug', [key]: value }));
    expect(refused('keep-dayz', '1')).toContain('Did you mean keep-days?');
    expect(refused('keep-days', '-1')).toContain('Allowed: a whole number from 0 to 36525');
    expect(refused('hot-room-rate', 20)).toContain('Allowed: the first below the second.');
    expect(refused('data', directory)).toContain('--config');
    expect(refused('__proto__', 1)).toContain('Unknown key');
    expect(() => statSync(file)).toThrow();
  });

  test('takes values that fit only together, and says all that does not', () => {
    const configuration = open();
    configuration.set({ 'voice-port': 4640, port: 4641 });
    configuration.set({ 'calm-room-rate': 200, 'hot-room-rate': 300 });
    expect(readFileSync(file, 'utf8')).toContain('calm-room-rate = 200\nhot-room-rate = 300\n');
    const both = refusalOf(() => configuration.set({ port: 4640, 'hot-room-rate': 150 }));
    expect(both).toContain('"port" and "voice-port" are both 4640.');
    expect(both).toContain('"calm-room-rate" and "hot-room-rate" are 200 and 150.');
    expect(configuration.running.streams.hotMessagesPerSecond).toBe(300);
  });

  test('says when something else counts', () => {
    const configuration = open({ 'keep-days': '1' }, { ROOKERY_NAME: 'Nest' });
    expect(configuration.set({ 'keep-days': 5, name: 'x' })).toMatchObject({
      ...{ applied: [], needRestart: [] },
      keys: [
        { key: 'keep-days', overriddenBy: 'option' },
        { key: 'name', overriddenBy: 'variable' },
      ],
    });
    expect(settingOf(configuration, 'keep-days')).toMatchObject({ value: 1, source: 'option' });
  });
});

describe('rookery config', () => {
  const run = (...argv: string[]) => {
    let [stdout, stderr] = ['', ''];
    const code = runConfigCommand(argv, around(), {
      out: (text) => (stdout += text),
      err: (text) => (stderr += text),
    });
    return { code, stdout, stderr };
  };

  test('print shows values and where they stand, and no secret', () => {
    writeFileSync(file, 'port = 5000\npassword = "hunter2"\n');
    const { code, stdout } = run('print', '--name', 'Nest');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^port +5000 +file$/m);
    expect(stdout).toMatch(/^name +Nest +option$/m);
    expect(stdout).toMatch(/^voice-port +4641 +default$/m);
    expect(stdout).toMatch(/^password +\(set, not shown\) +file$/m);
    const printed = run('print', '--json').stdout;
    const { settings } = JSON.parse(printed) as { settings: object[] };
    expect(settings).toContainEqual(
      expect.objectContaining({ key: 'password', value: null, isSet: true, source: 'file' }),
    );
    expect(stdout + printed).not.toContain('hunter2');
  });

  test('check says what is wrong', () => {
    expect(run('check')).toMatchObject({ code: 0 });
    const other = join(directory, 'other.toml');
    writeFileSync(other, 'data = "x"\nprot = 1\n');
    const { code, stderr } = run('check', other);
    expect(code).toBe(2);
    expect(stderr).toContain(`Unknown key "prot" in ${other} (value 1). Did you mean port?`);
    expect(run('check', 'absent.toml').code).toBe(2);
  });

  test.each([
    ['port = 4641\n', '"port" and "voice-port" are both 4641.'],
    ['admin-tls-host = "::"\nadmin-tls-port = 4642\n', '"admin-tls-host" is "::"'],
    ['file-size = 2000\n', 'Allowed: each at least as large as the one before it.'],
    ['key = "key.pem"\n', '"key" is given without "certificate".'],
    ['registration = "password"\n', '"password" is not given.'],
  ])('check finds what contradicts itself in %j', (text, words) => {
    const other = join(directory, 'other.toml');
    writeFileSync(other, text);
    expect(run('check', other)).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringContaining(words) as string,
    });
  });

  test('check lets two ports of one number be, on addresses that differ', () => {
    const other = join(directory, 'other.toml');
    writeFileSync(other, 'admin-tls-host = "192.0.2.1"\nadmin-tls-port = 4642\n');
    expect(run('check', other).code).toBe(0);
  });

  test('set and unset change the file, also one that is broken in this key', () => {
    writeFileSync(file, 'port = 99999 # my port\n');
    expect(run('set', 'port', '5000').stdout).toContain('from the next start');
    expect(readFileSync(file, 'utf8')).toBe('port = 5000 # my port\n');
    expect(run('set', 'keep-days', '2').stdout).toContain('SIGHUP');
    expect(run('unset', 'port').code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('keep-days = 2\n');
    expect(run('set', 'port', 'many')).toMatchObject({ code: 2, stdout: '' });
    expect(run('set', 'port').code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('keep-days = 2\n');
  });

  test('set makes the folder of a server that never ran, for its user alone', () => {
    rmSync(directory, { recursive: true });
    expect(run('set', 'keep-days', '2')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('keep-days = 2\n');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});
