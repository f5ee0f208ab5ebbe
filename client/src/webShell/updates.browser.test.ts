import { releaseKey, sampleManifest, signedManifest } from '@rookery/schemas/testing/signedRelease';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usualPace } from '../host/lookTimes.js';
import { ReleaseFolder } from '../testing/releaseFolder.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { keepPicture } from './testing/keptPicture.js';
import { TestScene } from './testing/testScene.js';
import { TestWindow } from './testing/testWindow.js';

/** Looks at once, and again and again. */
const atOnce = { ...usualPace, first: [0, 0], next: [0, 0], again: [0, 0], tickMs: 100 } as const;
/** Looks when it is asked to. */
const never = { ...usualPace, tickMs: 1_000_000 };

const notes = 'Now it sings, too:\n\n- **louder**, and [quieter](https://example.org/news)';

let scene: TestScene;
let release: ReleaseFolder;
let shown: TestWindow;
let profile: string;
let profiles = 0;

beforeAll(async () => {
  scene = await TestScene.open();
});
afterAll(() => scene.close());
beforeEach(async () => {
  release = await ReleaseFolder.open();
  profile = scene.scratch.in(`profile ${profiles++}`);
});
afterEach(async () => {
  await shown.close();
  await release.close();
});

/** A client of version 0.1.0 that was told where releases are. */
async function openClient(pace: typeof atOnce | typeof never): Promise<TestWindow> {
  const builtIn = { url: release.url, key: releaseKey };
  const updates = { installedVersion: '0.1.0', builtIn, pace };
  shown = await TestWindow.open(scene.browser, profile, undefined, 'usual', updates);
  return shown;
}

const noticeOn = (page: Page): Locator => page.getByRole('region', { name: 'A newer version' });

/** The page of the settings, and what it says of newer versions. */
async function openSettings(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'This computer' }).click();
  return dialog.getByRole('region', { name: 'This computer' });
}

describe('a newer version', () => {
  test('is told of politely, and taken nowhere but to its page', async () => {
    await openClient(never);
    const page = await shown.newPage();
    await shown.connect(page, scene.server.address, 'Ada');
    const filter = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
    await filter.focus();
    release.publish('0.2.0', { notes });
    await shown.host.updates.look();
    const notice = noticeOn(page);
    await notice.waitFor();
    const told = page.getByRole('status').filter({ hasText: 'Rookery 0.2.0 is there' });
    expect(await told.count()).toBe(1);
    expect(await filter.and(page.locator(':focus')).count()).toBe(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page
      .context()
      .route('https://example.org/**', (route) => route.fulfill({ body: 'page' }));
    const link = notice.getByRole('link', { name: 'Open page' });
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    expect(opened.url()).toBe('https://example.org/get');
    expect(await opened.evaluate('opener')).toBeNull();
    await opened.close();
    await notice.getByRole('button', { name: 'What is new' }).press('Enter');
    const settings = page.getByRole('region', { name: 'This computer' });
    await settings.getByText('Now it sings').waitFor();
    expect(shown.complaints).toEqual([]);
  });

  test.each(['dark', 'light'] as const)('keeps the rules of access in %s', async (theme) => {
    release.publish('0.2.0', { notes });
    await openClient(never);
    await shown.host.changeSettings({ theme });
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    await shown.host.updates.look();
    await noticeOn(page).waitFor();
    await expectNoViolations(page);
    await shown.connect(page, scene.server.address, 'Ada');
    await noticeOn(page).waitFor();
    await expectNoViolations(page);
    await openSettings(page);
    await page.getByText('Now it sings').waitFor();
    await expectNoViolations(page, 'dialog');
    expect(shown.complaints).toEqual([]);
  });

  test('is told of in German, in a narrow window with large letters', async () => {
    const longest = `0.2.0-${'x'.repeat(60)}`;
    release.publish(longest, { notes });
    await openClient(never);
    await shown.host.changeSettings({ language: 'de', fontSizePct: 200 });
    const page = await shown.newPage({ viewport: { width: 900, height: 600 } });
    await page.getByLabel('Adresse').waitFor();
    await shown.host.updates.look();
    const notice = page.getByRole('region', { name: 'Eine neuere Version' });
    await notice.scrollIntoViewIfNeeded();
    const widths = `(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(
      document.querySelector('[aria-label="Eine neuere Version"]'))`;
    const [scrollWidth, clientWidth] = await page.evaluate<[number, number]>(widths);
    expect(scrollWidth).toBe(clientWidth);
    await keepPicture(page);
    await notice.getByRole('button', { name: 'Später' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(shown.complaints).toEqual([]);
  });

  test.each(['dark', 'light'] as const)(
    'is seen where the rooms are folded away, in %s, and closed by the keyboard',
    async (theme) => {
      await openClient(never);
      await shown.host.changeSettings({ theme });
      const page = await shown.newPage();
      await shown.connect(page, scene.server.address, 'Ada');
      await shown.host.changeSettings({ language: 'de' });
      await page.getByRole('treeitem').first().dblclick();
      const composer = page.getByPlaceholder('Schreibe an Lobby');
      await composer.fill('Guten Abend');
      release.publish('0.2.0', { notes });
      await shown.host.updates.look();
      const notice = page.getByRole('region', { name: 'Eine neuere Version' });
      await notice.waitFor();
      await page.setViewportSize({ width: 600, height: 600 });
      await notice.waitFor();
      await keepPicture(page);
      await expectNoViolations(page, '.above');
      const [bar, chat] = [await notice.boundingBox(), await page.locator('.chat').boundingBox()];
      expect(bar!.y + bar!.height).toBeLessThanOrEqual(chat!.y);
      await page.getByRole('button', { name: 'Räume zeigen' }).click();
      // It stands where the rooms are, and not below them, too.
      await expect.poll(() => notice.count()).toBe(1);
      expect((await notice.boundingBox())!.width).toBeLessThan(300);
      await page.keyboard.press('Escape');
      await composer.focus();
      await page.keyboard.press('F6');
      for (let i = 0; i < 2; i += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await notice.waitFor({ state: 'detached' });
      await composer.focus();
      await page.keyboard.press('F6');
      expect(await composer.and(page.locator(':focus')).count()).toBe(1);
      expect(shown.complaints).toEqual([]);
    },
  );

  test('that is skipped stays so after a restart; a yet newer one is told of', async () => {
    release.publish('0.2.0');
    await openClient(atOnce);
    const page = await shown.newPage();
    await noticeOn(page).getByRole('button', { name: 'Skip this version' }).click();
    await noticeOn(page).waitFor({ state: 'detached' });
    await shown.close();
    const askedBefore = release.asked.length;
    await openClient(atOnce);
    const next = await shown.newPage();
    await next.getByLabel('Address').waitFor();
    await expect.poll(() => release.asked.length).toBeGreaterThan(askedBefore + 4);
    expect(await noticeOn(next).count()).toBe(0);
    const settings = await openSettings(next);
    await settings.getByText('You skip this version.').waitFor();
    release.publish('0.3.0');
    await settings.getByText('Rookery 0.3.0 of').waitFor();
    await next.keyboard.press('Escape');
    await noticeOn(next).getByText('Rookery 0.3.0 is there').waitFor();
    expect(shown.complaints).toEqual([]);
  });
});

describe('the settings', () => {
  test('switch looking off, and then nobody is asked but by hand', async () => {
    release.publish('0.2.0');
    await openClient(never);
    await shown.host.changeSettings({ looksForUpdates: false });
    await shown.close();
    await openClient(atOnce);
    // Another client asks all the time: this one would have asked by then.
    const other = await TestWindow.open(scene.browser, `${profile} other`, undefined, 'usual', {
      installedVersion: '0.1.0',
      given: { url: `${release.url}/other`, key: releaseKey },
      pace: atOnce,
    });
    await expect.poll(() => release.asked.length).toBeGreaterThan(4);
    await other.host.close();
    const asked = (): string[] => release.asked.filter((path) => !path.includes('other'));
    expect(asked()).toEqual([]);
    const page = await shown.newPage();
    const settings = await openSettings(page);
    await settings.getByText('Never looked so far.').waitFor();
    await settings.getByRole('button', { name: 'Look now' }).click();
    await settings.getByText('Rookery 0.2.0 of Nov 1, 2026 is there.').waitFor();
    expect(asked()).toEqual(['/releases/manifest.json', '/releases/manifest.json.sig']);
    await settings.getByText('Last looked:').waitFor();
    await page.keyboard.press('Escape');
    expect(await noticeOn(page).count()).toBe(0);
    await openSettings(page);
    await settings.getByRole('switch', { name: 'Look for new versions' }).click();
    await expect.poll(() => asked().length).toBeGreaterThan(2);
    await page.keyboard.press('Escape');
    await noticeOn(page).waitFor();
    await other.shell.close();
    expect(shown.complaints).toEqual([]);
  });

  test('say what came of a look', async () => {
    await openClient(never);
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    const settings = await openSettings(page);
    const look = settings.getByRole('button', { name: 'Look now' });
    const result = settings.getByRole('status');
    const says = async (words: string | RegExp): Promise<void> => {
      await look.click();
      await result.filter({ hasText: words }).waitFor();
    };
    await says('It cannot be reached: it answers 404.');
    await expectNoViolations(page, 'dialog');
    release.publish('0.1.0');
    await says('You have the newest version.');
    release.publish('0.0.9');
    await says('You have the newest version.');
    const { bytes, signature } = signedManifest(sampleManifest('0.2.0'));
    release.put(bytes, signature);
    await says('has no client for you');
    release.put(Buffer.from(bytes.toString().replaceAll('0.2.0', '0.3.0')), signature);
    await says('is not signed by the key');
    await settings.getByText('Left alone once since the start.').waitFor();
    const other = signedManifest(sampleManifest('0.2.0', { date: 'then' }));
    release.put(other.bytes, other.signature);
    await says('was left alone: it is written in a way that this version does not know.');
    release.answer = () => undefined;
    await look.click();
    await result.filter({ hasText: 'Looking …' }).waitFor();
    expect(shown.complaints).toEqual([]);
  });

  test('say in German why a look came to nothing', async () => {
    await openClient(never);
    await shown.host.changeSettings({ language: 'de' });
    const page = await shown.newPage();
    await page.getByLabel('Adresse').waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Dieser Rechner' }).click();
    const look = page.getByRole('button', { name: 'Jetzt nachsehen' });
    const result = page.getByRole('region', { name: 'Dieser Rechner' }).getByRole('status');
    await look.click();
    await result.filter({ hasText: 'Es ist nicht zu erreichen: Es antwortet 404.' }).waitFor();
    await keepPicture(page);
    release.answer = (_request, response) => {
      response.writeHead(302, { location: 'http://192.0.2.1/a' }).end();
    };
    await look.click();
    await result.filter({ hasText: 'Es führt zu http://192.0.2.1, und das' }).waitFor();
    expect(shown.complaints).toEqual([]);
  });

  test('say that nobody said where newer versions are', async () => {
    shown = await TestWindow.open(scene.browser, profile);
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    const settings = await openSettings(page);
    await settings.getByText('Nobody said where newer versions are').waitFor();
    expect(await settings.getByRole('button', { name: 'Look now' }).isDisabled()).toBe(true);
    const isOn = settings.getByRole('switch', { name: 'Look for new versions' });
    expect(await isOn.getAttribute('aria-checked')).toBe('false');
    await expectNoViolations(page, 'dialog');
    await shown.host.changeSettings({ updateUrl: 'http://example.org', updateKey: releaseKey });
    await settings.getByText('none that is asked: http://example.org.').waitFor();
    await shown.host.changeSettings({ updateUrl: release.url });
    await settings.getByText(`It looks at ${release.url}.`).waitFor();
    expect(shown.complaints).toEqual([]);
  });
});
