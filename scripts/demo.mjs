// npm run demo: two recorded voices speak through a real server, and a listener records them. Ends
// by itself; exit code 0 only if both were heard. Everything stays on loopback.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { judge } from './demoVerdict.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputFolder = join(root, 'demo-output');
const voices = '/usr/share/sounds/alsa';
const speakers = [
  { name: 'Robin', wav: join(voices, 'Front_Center.wav') },
  { name: 'Wren', wav: join(voices, 'Rear_Left.wav') },
];
/** The listener ends when both have spoken; this only bounds a demo that went wrong. */
const listenSecondsMax = 60;

const missing = speakers.filter(({ wav }) => !existsSync(wav));
if (missing.length > 0) {
  console.error(`The demo speaks with recorded voices, and ${missing[0].wav} is not there.`);
  console.error('scripts/installTestPackages.sh installs them (package alsa-utils).');
  process.exit(1);
}
const scratch = mkdtempSync(join(tmpdir(), 'rookery-demo-'));
const running = new Set();
try {
  process.exitCode = await runDemo();
} catch (error) {
  console.error(`The demo did not come to its end: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const command of running) command.stop();
  await Promise.all([...running].map((command) => command.ended));
  rmSync(scratch, { recursive: true, force: true });
}

async function runDemo() {
  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(outputFolder);
  say('A server starts on free ports of this machine.');
  const freePorts = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
  const data = join(scratch, 'server');
  const server = start('server', ['--host', '127.0.0.1', ...freePorts, '--data', data]);
  const { quic, voice } = await server.next('started');
  say(`It listens on port ${quic.port} (QUIC) and ${voice.port} (voice).`);
  const client = (name, command, options) =>
    start(command, [
      ...['--server', `127.0.0.1:${quic.port}`, '--room', 'Lobby'],
      ...['--name', name, '--profile', join(scratch, name), ...options],
    ]);

  const heard = join(outputFolder, 'heard.wav');
  const listener = client('Owl', 'listen', [
    ...['--out', heard, '--per-speaker', outputFolder, '--seconds', String(listenSecondsMax)],
  ]);
  await listener.next('listening');
  say('Owl joined the Lobby and listens.');

  const commands = speakers.map(({ name, wav }) => {
    say(`${name} joins and says ${basename(wav)}.`);
    return client(name, 'say', ['--wav', wav]);
  });
  const spoken = await Promise.all(commands.map((command) => command.next('spoken')));
  spoken.forEach(({ seconds, framesSent }, index) =>
    say(`${speakers[index].name} spoke ${seconds.toFixed(1)} s in ${framesSent} frames.`),
  );

  // What was said last is still in the listener's jitter buffer.
  await Promise.all(commands.map((command) => command.ended));
  listener.stop();
  const recorded = await listener.next('recorded');
  server.stop();
  say(`Owl recorded ${recorded.seconds.toFixed(1)} s: ${relative(root, heard)}`);
  return (await report(recorded)) ? 0 : 1;
}

/** Prints how well each speaker was heard. @returns whether all were. */
async function report(recorded) {
  const verdicts = await judge(speakers, recorded.speakers, outputFolder);
  for (const { name, path, correlation, framesLost, heard } of verdicts) {
    const file = path === null ? 'no file' : relative(root, path);
    say(
      `${heard ? 'heard' : 'NOT HEARD'}: ${name}, correlation ${correlation.toFixed(3)}, ` +
        `${framesLost} frames lost: ${file}`,
    );
  }
  if (verdicts.some(({ framesLost }) => framesLost > 0)) {
    say('Frames are lost where the machine is too busy to send and play them in time.');
  }
  return verdicts.every(({ heard }) => heard);
}

function say(line) {
  console.log(`  ${line}`);
}

/** Starts one command of the command line; its events come one object a line. */
function start(command, options) {
  const entry = join(root, 'bin', 'rookery.mjs');
  const child = spawn(process.execPath, [entry, command, '--json', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const events = [];
  const waiting = new Set();
  const look = () => {
    for (const check of waiting) check();
  };
  let isOver = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line));
    look();
  });
  const ended = new Promise((resolve) => {
    child.once('close', (code) => {
      isOver = true;
      running.delete(process_);
      look();
      resolve(code);
    });
  });
  /** Waits for an event of the command, also one that came already. */
  const next = (name) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = events.find(({ event }) => event === name);
        if (found === undefined && !isOver) return;
        waiting.delete(check);
        if (found !== undefined) resolve(found);
        else reject(new Error(`rookery ${command} ended early. ${errors.trim()}`));
      };
      waiting.add(check);
      check();
    });
  const process_ = { next, ended, stop: () => child.kill('SIGINT') };
  running.add(process_);
  return process_;
}
