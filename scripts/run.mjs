// Entry of the npm scripts: sets the checkout up where needed, then runs the command.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInForeground, SetUpError } from './processes.mjs';
import { setUp, setUpPage } from './setUp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Command → the Node program and its leading arguments; null: the set-up is all there is to do. */
const commands = {
  build: null,
  start: ['server/dist/supervisor/supervisor.js'],
  test: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts'],
  native: ['native-test/dist/main.js'],
  demo: ['scripts/demo.mjs'],
  bench: ['bench/dist/main.js'],
  client: ['client/dist/src/launch/main.js'],
};

/** Commands that show the client's window, or try it. */
const pageCommands = ['build', 'client', 'test'];

/** System package → what tests use of it. */
const testFiles = {
  'alsa-utils': '/usr/share/sounds/alsa/Front_Center.wav',
  chromium: '/usr/bin/chromium',
  prometheus: '/usr/bin/prometheus',
  pulseaudio: '/usr/bin/pulseaudio',
  'pulseaudio-utils': '/usr/bin/pactl',
  shellcheck: '/usr/bin/shellcheck',
  systemd: '/usr/bin/systemd-analyze',
};

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...args]) {
  if (!isNodeRecentEnough(process.versions.node)) {
    console.error(`Rookery needs Node 20.19 or newer; this is ${process.versions.node}.`);
    return 1;
  }
  if (command === undefined || !Object.hasOwn(commands, command)) {
    console.error(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [options]`);
    return 2;
  }
  try {
    await setUp(root);
    if (pageCommands.includes(command)) await setUpPage(root);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    if (error.output !== '') console.error(error.output.trimEnd());
    console.error(`\n${error.message}`);
    return 1;
  }
  if (command === 'test') nameMissingTestPackages();
  const program = commands[command];
  if (program === null) return 0;
  return runInForeground(process.execPath, [...program, ...args], { cwd: root });
}

function isNodeRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** Some tests use what a system package holds; without it they fail, so say where to get it. */
function nameMissingTestPackages() {
  if (process.platform !== 'linux') return;
  const missing = Object.keys(testFiles).filter((name) => !existsSync(testFiles[name]));
  if (missing.length === 0) return;
  console.error(
    `System packages are missing (${missing.join(', ')}): the tests that need them will fail.\n` +
      'scripts/installTestPackages.sh installs them.',
  );
}
