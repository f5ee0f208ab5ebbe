// Entry of `npm run client -- --browser`: the engine in this process, its windows in a browser.
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { clientVersion } from '../clientVersion.js';
import { openPortAudio } from '../engine/audio/device/portAudioDevice.js';
import { defaultProfileFolder } from '../engine/profileFolder.js';
import { ClientHost } from '../host/clientHost.js';
import { keysProcess } from '../keys/globalKeys.js';
import { loadSystemKeychain } from '../host/systemKeychain.js';
import { openWebShell } from './webShell.js';

interface ShellOptions {
  readonly profile: string;
  readonly port: number;
  readonly open: boolean;
}

const surroundings = { platform: process.platform, env: process.env, homeFolder: homedir() };

const program = new Command('npm run client -- --browser')
  .description('The Rookery client, with its window in your browser.')
  .option('--profile <folder>', 'identities, servers, settings', defaultProfileFolder(surroundings))
  .option('--port <port>', 'of the page, on this machine alone; 0: any', portOf, 0)
  .option('--browser', 'show the window in a browser, as is done anyway here')
  .option('--no-open', 'only print the address, and open no browser')
  .action(run);

await program.parseAsync();

async function run({ profile, port, open }: ShellOptions): Promise<void> {
  const host = await ClientHost.open({
    profileFolder: profile,
    clientName: `rookery ${clientVersion()}`,
    timeoutMs: 10_000,
    reconnectMs: 24 * 3_600_000,
    audio: { open: openPortAudio },
    keychain: loadSystemKeychain,
    keys: { ...surroundings, entry: keysProcess },
  });
  const pageFolder = fileURLToPath(new URL('../../renderer', import.meta.url));
  const shell = await openWebShell({ host, pageFolder, port });
  const address = shell.newAddress();
  process.stdout.write(`Rookery is at ${address}\n(this address works once; Ctrl+C ends it)\n`);
  if (open) openBrowser(address);
  const end = (): void => {
    void Promise.all([shell.close(), host.close()]).then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

/** Where there is no browser the printed address is enough. */
function openBrowser(address: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535');
}
