// Renders the client's icon (client/src/renderer/public/icon.svg) as the picture that packages,
// windows and the tray take: client/packaging/icon.png. Run it when the icon changes; it needs
// Chromium where Debian puts it.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** What macOS wants; the others make theirs of it. */
const sidePx = 1024;

const client = new URL('../client/', import.meta.url);
const svg = await readFile(new URL('src/renderer/public/icon.svg', client), 'utf8');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: sidePx, height: sidePx } });
  await page.setContent(`<style>* { margin: 0 } svg { display: block }</style>${svg}`);
  const target = new URL('packaging/icon.png', client);
  await writeFile(target, await page.screenshot({ omitBackground: true }));
  process.stdout.write(`${fileURLToPath(target)}\n`);
} finally {
  await browser.close();
}
