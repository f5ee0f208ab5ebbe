import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noUpdates, type UpdatesState } from '../host/updatesState.js';
import { autoStartEntry, autoStartPath, writeAutoStart } from './autoStart.js';
import { pageFileOf } from './pageFiles.js';
import { optionsAmong, programArguments } from './programArguments.js';
import { isAllowed, linkAmong, targetOf } from './shellLinks.js';
import { firstGlance } from './shellMessages.js';
import { shellWords } from './shellWords.js';
import { trayMenu, trayTip } from './trayMenu.js';
import { updateMessage } from './updates.js';

describe('links', () => {
  test.each([
    ['https://example.org/a?b=c', 'browser'],
    ['http://example.org', 'browser'],
    ['mailto:ada@example.org', 'browser'],
    ['rookery://example.org:4433/?invite=abc', 'client'],
    ['file:///etc/passwd', 'nowhere'],
    ['javascript:alert(1)', 'nowhere'],
    ['data:text/html,x', 'nowhere'],
    ['smb://host/share', 'nowhere'],
    ['ms-settings:privacy', 'nowhere'],
    ['vscode://open?x', 'nowhere'],
    ['no link', 'nowhere'],
    [`https://example.org/${'x'.repeat(5_000)}`, 'nowhere'],
  ])('%s leads to: %s', (link, target) => {
    expect(targetOf(link)).toBe(target);
  });

  test('a program is started with one, among whatever else it is started with', () => {
    const link = 'rookery://example.org/?invite=abc';
    expect(linkAmong(['rookery', '--profile=x', link])).toBe(link);
    expect(linkAmong(['rookery', '--rookery://x', 'https://example.org'])).toBeNull();
  });
});

test('options come through Electron as they were given', () => {
  const options = { profile: '/home/ada/my profile', updateUrl: 'https://x/?a=b', updateKey: 'A=' };
  expect(optionsAmong(['rookery', '--other', ...programArguments(options), 'x'])).toEqual(options);
  expect(optionsAmong(['rookery'])).toEqual({});
});

test('pages may show notices and copy text, and those of others may nothing', () => {
  const own = 'rookery-page://window';
  expect(isAllowed('notifications', own, own)).toBe(true);
  expect(isAllowed('clipboard-sanitized-write', `${own}/`, own)).toBe(true);
  const others = ['media', 'geolocation', 'clipboard-read', 'openExternal', 'hid', 'fullscreen'];
  for (const permission of others) expect(isAllowed(permission, own, own)).toBe(false);
  expect(isAllowed('notifications', 'https://example.org', own)).toBe(false);
});

describe('files of the page', () => {
  const folder = join('/', 'app', 'renderer');

  test('are those of its folder', () => {
    expect(pageFileOf('rookery-page://window/', folder)).toEqual({
      path: join(folder, 'index.html'),
      contentType: 'text/html; charset=utf-8',
    });
    const script = pageFileOf('rookery-page://window/assets/a%20b.js?v=1', folder);
    expect(script?.path).toBe(join(folder, 'assets', 'a b.js'));
    expect(script?.contentType).toContain('text/javascript');
  });

  test.each([
    'rookery-page://window/..%2f..%2fetc/passwd',
    'rookery-page://window/%2e%2e/%2e%2e/secret',
    'rookery-page://window/..%5c..%5csecret',
    'rookery-page://window/%00',
    'rookery-page://window/%ff',
    'rookery-page://elsewhere/index.html',
  ])('%s is none outside', (address) => {
    const file = pageFileOf(address, folder);
    if (file !== null) expect(file.path.startsWith(`${folder}/`)).toBe(true);
    if (/%2f|%00|%ff|elsewhere/.test(address)) expect(file).toBeNull();
  });
});

describe('the tray', () => {
  const words = shellWords('en', 'de-AT');

  test('shows whether one is heard and hears', () => {
    const switches = (glance: Partial<typeof firstGlance>): (boolean | undefined)[] =>
      trayMenu({ ...firstGlance, ...glance }, words)
        .filter((item) => item?.isOn !== undefined)
        .map((item) => item?.isOn);
    expect(switches({})).toEqual([false, false]);
    expect(switches({ isMuted: true })).toEqual([true, false]);
    expect(switches({ isDeafened: true })).toEqual([true, true]);
    expect(trayTip({ ...firstGlance, isMuted: true }, words)).toBe('Rookery – Mute');
  });

  test('speaks as the user set it, else as the system', () => {
    expect(shellWords('system', 'de-AT').quit).toBe('Beenden');
    expect(shellWords('system', 'fr').quit).toBe('Quit');
    expect(words.quit).toBe('Quit');
  });

  test('says what came of a look for newer versions', () => {
    const asked = { ...noUpdates, problem: null, installedVersion: '1.2.3' };
    const version = { version: '1.3.0', date: '', page: 'https://x.org/', notes: '', file: null };
    const said = (updates: Partial<UpdatesState>) => updateMessage({ ...asked, ...updates }, words);
    expect(said({ problem: 'noAddress' }).message).toContain('not told where');
    expect(said({ outcome: { kind: 'newer', version } })).toEqual({
      message: 'Rookery 1.3.0 is there. You have 1.2.3.',
      page: 'https://x.org/',
    });
    const file = { ...version, page: 'file:///etc/passwd' };
    expect(said({ outcome: { kind: 'newer', version: file } }).page).toBeNull();
    expect(said({ outcome: { kind: 'newest' } }).message).toContain('You have Rookery 1.2.3.');
    expect(said({ outcome: { kind: 'noClient' } }).message).toContain('no newer version');
    expect(said({ outcome: { kind: 'notSigned' } }).message).toContain('left alone');
    const fault = { code: 'fetchAnswer', fact: '404', detail: 'it answers 404' } as const;
    const unreachable = { kind: 'unreachable', fault } as const;
    expect(said({ outcome: unreachable }).message).toContain('cannot be reached');
  });
});

describe('starting with the system on Linux', () => {
  test('names the program, whatever its path', () => {
    const entry = autoStartEntry(['/opt/My "100%" $Apps/rookery', '--profile=a']);
    expect(entry).toContain(String.raw`Exec="/opt/My \\"100%%\\" \\$Apps/rookery" "--profile=a"`);
  });

  test('is an entry that is made and taken away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-autostart-'));
    await writeAutoStart(folder, ['/usr/bin/rookery']);
    expect(await readFile(autoStartPath(folder), 'utf8')).toContain('Exec="/usr/bin/rookery"\n');
    await writeAutoStart(folder, null);
    await writeAutoStart(folder, null);
    await expect(readFile(autoStartPath(folder))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(folder, { recursive: true });
  });
});
