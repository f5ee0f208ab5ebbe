// Entry of `npm run client`: the window in Electron where it is installed, else in a browser.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isUpdateUrl, updateUrlAllowed } from '@rookery/schemas/release/releaseAddress';
import { isReleaseKey } from '@rookery/schemas/release/releaseManifest';
import { runBrowserShell } from './browserShell.js';
import { electronArguments, electronProgram } from './electronProgram.js';

interface ClientOptions {
  readonly browser?: true;
  readonly profile?: string;
  readonly port: number;
  readonly open: boolean;
  readonly updateUrl?: string;
  readonly updateKey?: string;
}

const program = new Command('npm run client --')
  .description(
    'The Rookery client. Its window is one of its own by Electron, where that is installed, or a ' +
      'page in your browser.',
  )
  .argument('[link]', 'a rookery:// link to open')
  .option('--browser', 'show the window in your browser')
  .option('--profile <folder>', 'identities, servers, settings; as of the command line otherwise')
  .addOption(
    new Option('--port <port>', 'of the page in the browser, on this machine alone; 0: any')
      .argParser(portOf)
      .default(0),
  )
  .option('--no-open', 'with a browser: only print the address, and open none')
  .addOption(
    new Option('--update-url <url>', 'folder of releases to look at for a newer client').argParser(
      updateUrlOf,
    ),
  )
  .addOption(
    new Option('--update-key <key>', 'public key that those are signed by').argParser(updateKeyOf),
  )
  .addHelpText('after', `\n${installWords()}`)
  .action(run);

await program.parseAsync();

async function run(link: string | undefined, options: ClientOptions): Promise<void> {
  const electron = options.browser === true ? null : installedElectron();
  if (electron !== null) {
    startElectron(electron, electronArguments(clientFolder(), options, link));
    return;
  }
  if (options.browser !== true && !(await wantsBrowser())) {
    process.exitCode = 1;
    return;
  }
  const { updateUrl: url, updateKey: key } = options;
  await runBrowserShell({ ...options, link, updatesFrom: { url, key } });
}

/** Whoever cannot be asked gets what there is. */
async function wantsBrowser(): Promise<boolean> {
  process.stdout.write(`Electron is not installed here.\n${installWords()}\n`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stdout.write('Showing the window in the browser instead.\n\n');
    return true;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Show the window in the browser instead? [Y/n] ');
  terminal.close();
  return !/^n/i.test(answer.trim());
}

function installWords(): string {
  return (
    'To install Electron (about 110 MB): npx install-electron\n' +
    'Or set ELECTRON_OVERRIDE_DIST_PATH to the folder of one that is there.\n' +
    'Without it: npm run client -- --browser'
  );
}

function installedElectron(): string | null {
  const require = createRequire(import.meta.url);
  return electronProgram(dirname(require.resolve('electron/package.json')), process.env);
}

function startElectron(electron: string, args: readonly string[]): void {
  const child = spawn(electron, args, { stdio: 'inherit' });
  child.once('error', (error) => {
    process.stderr.write(`Electron does not start: ${error.message}\n${installWords()}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code) => (process.exitCode = code ?? 1));
  // Whoever ends this ends the window, which says goodbye.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
}

/** The folder whose package.json names what Electron runs. */
function clientFolder(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535');
}

function updateUrlOf(text: string): string {
  if (isUpdateUrl(text)) return text;
  throw new InvalidArgumentError(`Allowed: ${updateUrlAllowed}.`);
}

function updateKeyOf(text: string): string {
  if (isReleaseKey(text)) return text;
  throw new InvalidArgumentError('Allowed: base64 of the 32 bytes of an Ed25519 public key.');
}
