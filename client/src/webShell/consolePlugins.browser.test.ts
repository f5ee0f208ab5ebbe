import { manifestOf } from '@rookery/plugins/testing/pluginStage';
import { buildModule, op } from '@rookery/plugins/testing/wasmBuilder';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestConsole } from './testing/testConsole.js';
import { TestWindow } from './testing/testWindow.js';

const password = 'a password of Olga';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let owner: TestWindow;
let opened: TestConsole;
let page: Page;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
  owner = await TestWindow.open(browser, scratch.in('owner'));
  await owner.host.connect({ address: server.address, nickname: 'Olga' });
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  await owner.host.engine.accounts.redeem(token.trim());
  await owner.host.engine.accounts.setPassword('', password);
  opened = await TestConsole.open(browser, server.adminPort, { colorScheme: 'dark' });
  page = opened.page;
  await opened.logIn('Olga', password);
  await opened.go('Plugins');
});
afterAll(async () => {
  await opened.close();
  await owner.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

const module = buildModule();
const other = buildModule({ body: [op.i32(7), op.drop] });
const garbage = new Uint8Array(64).fill(7);
const lines = ['permissions = ["sendText", "storage"]'];

/** Chooses files in the dialog that is open, and has them installed. */
async function give(dialog: Locator, manifest: string, wasm: Uint8Array): Promise<void> {
  await dialog.locator('input[type=file]').setInputFiles([
    { name: 'plugin.toml', mimeType: 'text/plain', buffer: Buffer.from(manifest) },
    { name: 'plugin.wasm', mimeType: 'application/wasm', buffer: Buffer.from(wasm) },
  ]);
  await dialog.locator('button[type=submit]').click();
}

async function openInstall(): Promise<Locator> {
  await page.getByRole('button', { name: 'Install a plugin …' }).click();
  return page.getByRole('dialog', { name: 'Install a plugin' });
}

test('what is no plugin is refused in words, and nothing is installed', async () => {
  const dialog = await openInstall();
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  await dialog.getByText('Choose both files of the plugin').waitFor();
  await expectNoViolations(page, 'dialog');
  const tries: readonly (readonly [string, Uint8Array, string])[] = [
    [manifestOf(garbage, { lines }), garbage, 'it is no module of WebAssembly'],
    [manifestOf(module, { lines }), other, 'is not the one that its plugin.toml names'],
    ['name = ', module, 'plugin.toml is broken: line 1'],
    [manifestOf(module, { name: '../up', lines }), module, 'name: small letters'],
    [manifestOf(module, { lines: ['kind = "client"'] }), module, 'is for a client'],
    [manifestOf(module), new Uint8Array(2 * 1_048_576 + 1), 'is too large to be taken here'],
    [`${manifestOf(module)}#${'x'.repeat(20_000)}`, module, 'plugin.toml is too large'],
  ];
  for (const [manifest, wasm, words] of tries) {
    await give(dialog, manifest, wasm);
    await dialog.getByRole('alert').filter({ hasText: words }).waitFor();
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('No plugins.').waitFor();
});

test('a plugin says what it asks for before it runs, and runs once it is approved', async () => {
  await give(await openInstall(), manifestOf(module, { lines }), module);
  const question = page.getByRole('dialog', { name: 'Allow “staged”?' });
  await question.getByText('write messages under its own name').waitFor();
  await question.getByText('For tests (1.0.0, by Ada)').waitFor();
  await expectNoViolations(page, 'dialog');
  await question.getByRole('button', { name: 'Cancel' }).click();
  const row = page.getByRole('row', { name: /staged 1\.0\.0/ });
  await row.getByText('waits for approval').waitFor();
  await opened.choose('staged', 'Approve');
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  await row.getByText('runs', { exact: true }).waitFor();
  await expectNoViolations(page);
});

test('the same one again runs on; another one of its name stops until it is approved', async () => {
  const row = page.getByRole('row', { name: /staged 1\.0\.0/ });
  await give(await openInstall(), manifestOf(module, { lines }), module);
  await page.getByText('That is done.').first().waitFor();
  await row.getByText('runs', { exact: true }).waitFor();
  await give(await openInstall(), manifestOf(other, { lines }), other);
  const question = page.getByRole('dialog', { name: 'Allow “staged”?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await row.getByText('waits for approval').waitFor();
  await opened.choose('staged', 'Approve');
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  await row.getByText('runs', { exact: true }).waitFor();
  const { entries } = await owner.host.engine.moderation.readAudit(50);
  const details = entries.flatMap(({ action, detail }) =>
    action === 'installPlugin' ? detail : [],
  );
  expect(details).toContainEqual(expect.stringMatching(/^staged 1\.0\.0 is off; may sendText/));
});

test('in German and in the light theme it does so, too, and removes it', async () => {
  const german = await TestConsole.open(browser, server.adminPort, {
    ...{ colorScheme: 'light', locale: 'de-DE' },
  });
  const there = german.page;
  await there.getByLabel('Name').fill('Olga');
  await there.getByLabel('Passwort').fill(password);
  await there.getByRole('button', { name: 'Anmelden' }).click();
  await there.getByRole('link', { name: 'Plugins' }).click();
  await there.getByRole('button', { name: 'Plugin installieren …' }).click();
  const dialog = there.getByRole('dialog', { name: 'Plugin installieren' });
  await expectNoViolations(there, 'dialog');
  await give(dialog, manifestOf(module, { lines }), module);
  const question = there.getByRole('dialog', { name: '„staged“ erlauben?' });
  await question.getByText('Nachrichten unter eigenem Namen schreiben').waitFor();
  await expectNoViolations(there, 'dialog');
  await question.getByRole('button', { name: 'Erlauben und einschalten' }).click();
  const row = there.getByRole('row', { name: /staged 1\.0\.0/ });
  await row.getByText('läuft', { exact: true }).waitFor();
  await expectNoViolations(there);
  await there
    .getByRole('button', { name: /staged/ })
    .last()
    .click();
  await there.getByRole('menuitem', { name: 'Entfernen' }).click();
  await there.getByRole('dialog').getByRole('button', { name: 'Entfernen' }).click();
  await there.getByText('Keine Plugins.').waitFor();
  expect([...opened.complaints, ...german.complaints]).toEqual([]);
  await german.close();
});
