import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moduleHash } from './examineModule.js';
import { pluginLimits } from './limits.js';
import { PluginLibrary, type Approval } from './pluginLibrary.js';
import { manifestOf } from './testing/pluginStage.js';
import { buildModule, endless } from './testing/wasmBuilder.js';

let folder: string;
let library: PluginLibrary;
const module = buildModule();
const manifest = manifestOf(module, { lines: ['permissions = ["sendText"]'] });
const approval: Approval = { sha256: moduleHash(module), permissions: ['sendText'] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-library-'));
  library = new PluginLibrary(join(folder, 'plugins'), 'server', pluginLimits);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a plugin', () => {
  test('that was approved is loaded, also by who comes later', async () => {
    await library.install(manifest, module, approval);
    const later = new PluginLibrary(join(folder, 'plugins'), 'server', pluginLimits);
    const loaded = await later.load('staged');
    expect(Buffer.from(loaded.module)).toEqual(Buffer.from(module));
    expect(loaded.standing).toMatchObject({ isEnabled: true, offReason: null });
  });

  test('that was not approved is kept, and not loaded', async () => {
    await library.install(manifest, module, null);
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'notApproved' });
    const { plugins } = await library.list();
    expect(plugins).toMatchObject([{ isApproved: false, standing: { isEnabled: false } }]);
    await library.approve('staged', approval);
    expect((await library.load('staged')).isApproved).toBe(true);
  });

  test('whose module was changed on the disk is not loaded', async () => {
    await library.install(manifest, module, approval);
    const file = join(folder, 'plugins', 'staged', 'plugin.wasm');
    writeFileSync(file, buildModule({ body: [endless] }));
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'wrongHash' });
  });

  test('whose module is a link, or too long, is not loaded, and does not hide others', async () => {
    await library.install(manifest, module, approval);
    await library.install(manifestOf(module, { name: 'second' }), module, null);
    const [wasm, toml] = ['wasm', 'toml'].map((end) => {
      return join(folder, 'plugins', 'staged', `plugin.${end}`);
    }) as [string, string];
    renameSync(wasm, join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), wasm);
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'badFolder' });
    rmSync(wasm);
    writeFileSync(wasm, Buffer.alloc(pluginLimits.moduleBytesMax + 1));
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'tooLarge' });
    rmSync(toml);
    symlinkSync('/dev/zero', toml);
    const { plugins, broken } = await library.list();
    expect([plugins.length, broken.map(({ name }) => name)]).toEqual([1, ['staged']]);
    await library.remove('staged');
    expect(existsSync(join(folder, 'elsewhere'))).toBe(true);
  });

  test('whose module and manifest were changed has to be approved again', async () => {
    await library.install(manifest, module, approval);
    const other = buildModule({ body: [endless] });
    const changed = manifestOf(other, { lines: ['permissions = ["sendText"]'] });
    await library.install(changed, other, null);
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'notApproved' });
    // What somebody saw before is not what is there.
    await expect(library.approve('staged', approval)).rejects.toMatchObject({
      code: 'notApproved',
    });
  });

  test('that asks for more than was approved has to be approved again', async () => {
    await library.install(manifest, module, approval);
    const file = join(folder, 'plugins', 'staged', 'plugin.toml');
    const text = readFileSync(file, 'utf8').replace('["sendText"]', '["sendText", "readUsers"]');
    writeFileSync(file, text);
    await expect(library.load('staged')).rejects.toMatchObject({ code: 'notApproved' });
  });

  test('keeps what it kept when another version of it comes', async () => {
    await library.install(manifest, module, approval);
    await (await library.openStore('staged')).set('key', 'value');
    await library.install(manifest, module, null);
    expect((await library.openStore('staged')).get('key')).toBe('value');
    expect((await library.find('staged')).isApproved).toBe(true);
    await library.remove('staged');
    expect(existsSync(join(folder, 'plugins', 'staged'))).toBe(false);
  });

  test.each([
    ['a hash that is not its own', manifestOf(buildModule({ body: [endless] })), 'wrongHash'],
    ['a client', manifestOf(module, { lines: ['kind = "client"'] }), 'badManifest'],
  ])('for %s is refused', async (_what, text, code) => {
    await expect(library.install(text, module, null)).rejects.toMatchObject({ code });
    expect((await library.list()).plugins).toEqual([]);
  });

  test.each(['..', '../../etc', 'a/b', '', 'x'.repeat(40)])('cannot be named %j', async (name) => {
    await expect(library.find(name)).rejects.toMatchObject({ code: 'noSuchPlugin' });
    await expect(library.remove(name)).rejects.toMatchObject({ code: 'noSuchPlugin' });
  });

  test('that is broken does not hide the others', async () => {
    await library.install(manifest, module, approval);
    const second = manifestOf(module, { name: 'second' });
    await library.install(second, module, null);
    writeFileSync(join(folder, 'plugins', 'second', 'plugin.toml'), 'name = ');
    const { plugins, broken } = await library.list();
    expect([plugins.length, broken]).toEqual([
      1,
      [{ name: 'second', reason: expect.stringMatching(/line 1/) as string }],
    ]);
  });

  test('is one of a few', async () => {
    const few = new PluginLibrary(folder, 'server', { ...pluginLimits, pluginsMax: 1 });
    await few.install(manifest, module, null);
    const second = manifestOf(module, { name: 'second' });
    await expect(few.install(second, module, null)).rejects.toMatchObject({ code: 'tooMany' });
  });
});
