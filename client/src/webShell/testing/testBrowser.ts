import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Debian's package puts it. */
const chromiumPath = '/usr/bin/chromium';

/**
 * Starts a real Chromium without a window. It looks for nothing on the network by itself.
 *
 * @throws Error naming the script that installs it, where it is missing
 */
export async function openTestBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath)) {
    throw new Error(`${chromiumPath} is missing: scripts/installTestPackages.sh installs it`);
  }
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
