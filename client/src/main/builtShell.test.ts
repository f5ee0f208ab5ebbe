import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const client = fileURLToPath(new URL('../../../', import.meta.url));
const read = (...names: string[]): Promise<string> => readFile(join(client, ...names), 'utf8');

test('the built preload script needs Electron alone, and exposes one call', async () => {
  const exposed: [string, object][] = [];
  const heard: string[] = [];
  const sent: string[] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: object) => exposed.push([name, api]) },
    ipcRenderer: {
      on: (channel: string) => heard.push(channel),
      send: (channel: string) => sent.push(channel),
    },
  };
  runInNewContext(await read('dist', 'shell', 'preload.cjs'), {
    require(name: string) {
      expect(name).toBe('electron');
      return electron;
    },
    exports: {},
    module: { exports: {} },
    window: {},
  });
  expect(exposed.map(([name]) => name)).toEqual(['rookeryShell']);
  const [[, bridge]] = exposed as [[string, { readonly askForEngine: () => void }]];
  expect(Object.keys(bridge)).toEqual(['askForEngine']);
  bridge.askForEngine();
  expect(sent).toEqual(['rookery:askForEngine']);
  expect(heard.toSorted()).toEqual(['rookery:engine', 'rookery:engineGone']);
});

test('the built main process takes in nothing but Electron, Node and zod', async () => {
  const text = await read('dist', 'shell', 'main.js');
  const imported = [...text.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name!);
  expect(imported).toContain('electron');
  expect(imported.filter((name) => !/^(node:.*|electron|zod)$/.test(name))).toEqual([]);
});

test('every file that packages and windows name is there', async () => {
  const { main } = JSON.parse(await read('package.json')) as { readonly main: string };
  const config = await read('electron-builder.yml');
  const named = [...config.matchAll(/packaging\/[\w.]+/g)].map(([name]) => name);
  const started = ['dist/shell/preload.cjs', 'dist/src/main/engineProcess.js'];
  const needed = [main, ...started, 'dist/src/keys/keysProcess.js', 'dist/renderer/index.html'];
  for (const name of [...needed, ...named]) expect(existsSync(join(client, name)), name).toBe(true);
  const packed = [...config.matchAll(/^ {2}- (dist\/\w+)\/\*\*$/gm)].map(([, name]) => `${name}/`);
  const isPacked = (name: string): boolean => packed.some((folder) => name.startsWith(folder));
  expect(needed.filter((name) => !isPacked(name))).toEqual([]);
});

test('packages bring the version of Electron that the types are of', async () => {
  const { devDependencies } = JSON.parse(await read('package.json')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const [, version] = /^electronVersion: (.+)$/m.exec(await read('electron-builder.yml')) ?? [];
  expect(devDependencies['electron']?.replace('^', '')).toBe(version);
});
