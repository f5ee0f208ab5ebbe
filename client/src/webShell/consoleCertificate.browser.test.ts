import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@rookery/transport/testing/freePort';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestConsole } from './testing/testConsole.js';

const authorityEntry = fileURLToPath(
  new URL('../../../../server/dist/testing/acme/acmeServerProcess.js', import.meta.url),
);

const password = 'a password of Olga';
let scratch: ScratchFolder;
let browser: Browser;

beforeAll(async () => {
  [scratch, browser] = await Promise.all([ScratchFolder.make(), openTestBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await scratch.remove();
});

/** The owner's console, in English. */
async function openOverview(folder: string, server: TestServer): Promise<Page> {
  const { page } = await TestConsole.open(browser, server.adminPort, { colorScheme: 'light' });
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in(folder)]);
  await page.getByRole('button', { name: 'First login' }).click();
  await page.getByLabel('Owner token').fill(token.trim());
  await page.getByLabel('Name').fill('Olga');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.locator('[data-figure=sessions]').waitFor();
  return page;
}

/** What says it of the certificate. */
const noticeOf = (page: Page): Locator => page.getByRole('region', { name: 'Certificate' });

/** The same in German. */
async function openGerman(server: TestServer): Promise<Locator> {
  const view = { colorScheme: 'light', locale: 'de-DE' } as const;
  const { page } = await TestConsole.open(browser, server.adminPort, view);
  await page.getByLabel('Name').fill('Olga');
  await page.getByLabel('Passwort').fill(password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  return page.getByRole('region', { name: 'Zertifikat' });
}

test('files that end soon, and broken ones, are told of with what to do', async () => {
  const [certificate, key] = [scratch.in('shown.pem'), scratch.in('shown.key')];
  const soon = await makeTestCertificate(undefined, { past: 80, left: 10 });
  await Promise.all([writeFile(certificate, soon.certificate), writeFile(key, soon.privateKey)]);
  const files = ['--certificate', certificate, '--key', key];
  const server = await TestServer.start(scratch.in('files'), files);
  const page = await openOverview('files', server);
  const [notice, german] = [noticeOf(page), await openGerman(server)];
  await notice.getByText(/ends .*Put a newer one in its place/s).waitFor();
  await german.getByText(/endet .*Lege ein neueres an seine Stelle/s).waitFor();
  await expectNoViolations(page);

  await writeFile(certificate, 'half of a certifi');
  process.kill(server.pid, 'SIGHUP');
  await notice.getByText(/are not used: .*Put a newer one/s).waitFor();
  await german.getByText(/nicht verwendet: .*Lege ein neueres/s).waitFor();
  await expectNoViolations(german.page());

  const good = await makeTestCertificate(soon.privateKey, { past: 0, left: 90 });
  await writeFile(certificate, good.certificate);
  process.kill(server.pid, 'SIGHUP');
  await notice.waitFor({ state: 'detached' });
  await german.waitFor({ state: 'detached' });
  await server.stop();
});

test('an authority that has enough is told of with the next try, and asked at once', async () => {
  const port = String(await freePort());
  const authority = new RookeryProcess([port], {}, authorityEntry);
  const { directory } = await authority.event('ready');
  const server = await TestServer.start(scratch.in('acme'), [
    ...['--acme-domains', 'talk.example.org', '--acme-terms', 'agreed'],
    ...['--acme-directory', directory as string, '--acme-port', port],
  ]);
  const page = await openOverview('acme', server);
  const [notice, german] = [noticeOf(page), await openGerman(server)];
  await notice.getByText(/for now: too many orders of late/).waitFor();
  await notice.getByText(/^The next try is /).waitFor();
  await german.getByText(/^Der nächste Versuch ist /).waitFor();
  await expectNoViolations(page);

  process.kill(authority.pid, 'SIGUSR2');
  await notice.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('The server asks for a certificate.').waitFor();
  await notice.waitFor({ state: 'detached' });
  await server.stop();
  await authority.stop();
});
