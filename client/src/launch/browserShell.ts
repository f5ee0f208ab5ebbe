import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openClient } from '../host/openClient.js';
import type { SourceWish } from '../host/updateSource.js';
import { openWebShell } from '../webShell/webShell.js';

export interface BrowserShellOptions {
  /** The usual one where it is left out. */
  readonly profile?: string | undefined;
  /** Of the page, on loopback; 0: any. */
  readonly port: number;
  /** Opens a browser. */
  readonly open: boolean;
  /** Opened in the window. */
  readonly link?: string | undefined;
  /** As of openClient(). */
  readonly updatesFrom: SourceWish;
}

/**
 * The engine in this process, its windows in a browser, until the process is asked to end.
 *
 * @throws ClientError `invalidAddress` for a link that is none
 */
export async function runBrowserShell(options: BrowserShellOptions): Promise<void> {
  const surroundings = { platform: process.platform, env: process.env, homeFolder: homedir() };
  const { profile: profileFolder, updatesFrom } = options;
  const host = await openClient({ surroundings, profileFolder, updatesFrom });
  const pageFolder = fileURLToPath(new URL('../../renderer', import.meta.url));
  const shell = await openWebShell({ host, pageFolder, port: options.port });
  const end = (): void => {
    void Promise.all([shell.close(), host.close()]).then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  if (options.link !== undefined) host.openLink(options.link);
  const address = shell.newAddress();
  process.stdout.write(`Rookery is at ${address}\n(this address works once; Ctrl+C ends it)\n`);
  if (options.open) openBrowser(address);
}

/** Where there is no browser the printed address is enough. */
function openBrowser(address: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
