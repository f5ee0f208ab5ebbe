// Runs the commands that README.md shows, in its order, against a real server on loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLinesIn, readPages } from './documentation.mjs';
import { runQuietly } from './processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const launcher = join(root, 'bin', 'rookery.mjs');
const voices = '/usr/share/sounds/alsa/Front_Center.wav';
/** Only a command that hangs takes so long. */
const commandMsMax = 60_000;
const { username } = userInfo();

/** Of README.md, what cannot be run here, and where it is run. */
const elsewhere = new Map([
  ['update --check', 'an installation and a release: updateCommand.loopback.test.ts'],
  ['update', 'the same'],
  ['update --rollback', 'the same'],
  [/^server --acme-domains/, 'an authority: server/certificate/acme'],
  ['certificate renew', 'the same'],
  ['admin certificate --renew', 'the same'],
]);
const isElsewhere = (line) =>
  [...elsewhere.keys()].some((key) => (key instanceof RegExp ? key.test(line) : key === line));

const readme = readPages().find(({ path }) => path === 'README.md');
const shown = commandLinesIn({ ...readme, spans: [] });
const whole = shown.map(withoutRemark).filter(isWhole);
const isOwner = (line) => line.startsWith('owner ');
// What others do wants somebody who may let them.
const lines = [...whole.filter(isOwner), ...whole.filter((line) => !isOwner(line))];

let folder = '';
let env = {};
let server = null;
let info = null;
let wren = null;
let invitation = '';
let ownerToken = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-readme-'));
  for (const name of ['greeting.wav', 'secret.wav']) copyFileSync(voices, join(folder, name));
  cpSync(join(root, 'examples', 'plugins'), join(folder, 'examples', 'plugins'), {
    recursive: true,
  });
  env = {
    ...{ PATH: process.env.PATH, HOME: folder, ROOKERY_DATA: join(folder, 'data') },
    ROOKERY_ACCOUNT_PASSWORD: 'of the account',
  };
  const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
  server = start(['server', '--json', ...ports]);
  info = JSON.parse(await firstLine(server));
  env.ROOKERY_SERVER_ADMIN = `http://127.0.0.1:${info.admin.port}`;
  ownerToken = (await run(['owner-token'])).output.trim();
}, commandMsMax);

afterAll(async () => {
  for (const child of [wren, server].filter(Boolean)) {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
  rmSync(folder, { recursive: true });
});

describe('commands of the README', () => {
  test.each(lines.filter((line) => !isElsewhere(line)))(
    'rookery %s',
    async (line) => {
      await before(line);
      const args = wordsOf(here(line));
      const { code, output } = isEndless(args) ? await runUntilSaid(args) : await run(args);
      expect(code, output).toBe(0);
      if (line.startsWith('invite ')) [invitation] = /rookery:\S+/.exec(output);
    },
    commandMsMax,
  );

  test('those that are left out are there', () => {
    const isShown = (key) =>
      whole.some((one) => (key instanceof RegExp ? key.test(one) : key === one));
    expect([...elsewhere.keys()].filter((key) => !isShown(key))).toEqual([]);
  });
});

/** What the text around a command takes for granted. */
async function before(line) {
  const to = ['--server', `localhost:${info.quic.port}`];
  if (line.startsWith('rooms ') && line.includes('--create Lobby/Games')) {
    for (const name of ['Stage', 'Foyer', 'Council']) {
      await prepare(['rooms', ...to, '--create', `Lobby/${name}`]);
    }
  }
  if (line.startsWith('say ') && line.includes('--whisper') && wren === null) {
    const who = ['--profile', '.rookery/wren', '--name', 'Wren'];
    wren = start([
      'listen',
      ...to,
      ...who,
      '--talk',
      username,
      '--out',
      'w.wav',
      '--seconds',
      '600',
    ]);
    await said(wren, 'listening');
  }
  if (line.startsWith('admin login')) {
    await prepare(['account', ...to, '--new-password', env.ROOKERY_ACCOUNT_PASSWORD]);
  }
  // The lines before have logged out.
  if (line.startsWith('plugin install')) await prepare(['admin', 'login', '--name', username]);
}

/** A line as it is meant for this server, and as short as it can be. */
function here(line) {
  const address = `localhost:${info.quic.port}`;
  return (
    line
      .replace(/'rookery:[^']*' --name YOU/, `${invitation} --profile .rookery/guest --name Guest`)
      .replace(/^stats/, `stats --admin-port ${info.admin.port}`)
      .replace(/(?<=--server )(talk\.example\.org|localhost|HOST)\b/, address)
      .replace('[::1]:4640', `[::1]:${info.quic.port}`)
      .replace('owner TOKEN', `owner ${ownerToken}`)
      .replace(/\bYOU\b/, username)
      .replace(/^register NAME/, 'register Robin')
      .replace(/^(admin login --name) Olga/, `$1 ${username}`)
      .replace(/^restore (.*) DIR$/, 'restore $1 restored')
      .replace(/\bDIR$/, env.ROOKERY_DATA)
      .replace('--data DIR ', `--data ${env.ROOKERY_DATA} `)
      .replace(/--seconds \d+/, '--seconds 1')
      .replace(/--count 500 --speakers 20 --rooms 50/, '--count 20 --speakers 2 --rooms 2')
      .replace(/^admin stress-test --count 500/, 'admin stress-test --count 20 --seconds 1')
      // What it would wait for may never come.
      .replace(/^admin logs --follow --level warn/, 'admin logs --follow --level info')
      .replace(/^plugin install/, 'plugin install --yes')
  );
}

/** Goes on until somebody ends it. */
function isEndless(args) {
  return args.includes('--watch') || (args.includes('--follow') && !args.includes('stress-test'));
}

function start(args) {
  const child = spawn(process.execPath, [launcher, ...args], {
    ...{ cwd: folder, env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What nobody reads must not keep it waiting.
  child.stderr.resume();
  return child;
}

async function prepare(args) {
  const { code, output } = await run(args);
  expect(code, output).toBe(0);
}

function run(args) {
  return runQuietly(process.execPath, [launcher, ...args], { cwd: folder, env });
}

/** Ends it as Ctrl-C does once it has something to say. */
async function runUntilSaid(args) {
  const child = start(args);
  const ended = once(child, 'exit');
  const output = await said(child, '');
  child.kill('SIGINT');
  const [code] = await ended;
  return { code: code === 130 ? 0 : code, output };
}

/** @returns {Promise<string>} what it said until it said this, or ended */
function said(child, text) {
  return new Promise((resolve) => {
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (output.includes(text)) resolve(output);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', () => resolve(output));
  });
}

async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the server said nothing');
}

/** Words behind a command stand a good way off; those of a synopsis, too, behind its first. */
function withoutRemark(line) {
  return line.replace(/^(\S+ \S.*?) {3}.*$/, '$1');
}

/** Not a synopsis, and not cut short. */
function isWhole(line) {
  return !/[[\]|…]/.test(line.replaceAll(/"[^"]*"|'[^']*'/g, '')) && !/ {3}/.test(line);
}

/** As a shell takes a line apart. */
function wordsOf(line) {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
}
