import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdsLockedPackages, setUpPage } from './setUp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lock = {
  packages: {
    '': { version: '1.0.0' },
    server: { version: '1.0.0' },
    'node_modules/@rookery/server': { resolved: 'server', link: true },
    'node_modules/koffi': { version: '3.0.0', integrity: 'sha512-a' },
    'client/vendor/handler': { version: '1.0.0', optional: true },
    'node_modules/handler': { resolved: 'client/vendor/handler', link: true },
    'node_modules/koffi-linux': { version: '3.0.0', integrity: 'sha512-b', optional: true },
  },
};
const { 'node_modules/koffi-linux': optionalEntry, ...required } = lock.packages;

test('accepts an installation that holds every package that is not optional', () => {
  expect(holdsLockedPackages(lock, { packages: required })).toBe(true);
  expect(holdsLockedPackages(lock, { packages: lock.packages })).toBe(true);
});

test('accepts that an optional package of the checkout is not linked', () => {
  const unlinked = { ...required };
  delete unlinked['node_modules/handler'];
  expect(holdsLockedPackages(lock, { packages: unlinked })).toBe(true);
});

test('refuses a missing package', () => {
  expect(holdsLockedPackages(lock, { packages: { server: required.server } })).toBe(false);
});

test('refuses another version, also of an optional package', () => {
  const other = { ...required, 'node_modules/koffi': { version: '2.0.0', integrity: 'sha512-a' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
  const optional = {
    ...required,
    'node_modules/koffi-linux': { ...optionalEntry, version: '2.0.0' },
  };
  expect(holdsLockedPackages(lock, { packages: optional })).toBe(false);
});

test('refuses the same version with other content', () => {
  const other = { ...required, 'node_modules/koffi': { version: '3.0.0', integrity: 'sha512-z' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
});

test('refuses a package that the lock file does not know', () => {
  const other = { ...required, 'node_modules/left-over': { version: '1.0.0' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
});

/** A checkout with the packages and build settings of this one, and pages of one line. */
function makeTinyCheckout(folder) {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    // What was done to this checkout is kept there.
    if (name === '.rookery') continue;
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const configs = ['vite.config.mjs', 'vite.console.config.mjs', 'electron.vite.config.mjs'];
  for (const file of ['package-lock.json', ...['package.json', ...configs].map(ofClient)]) {
    cpSync(join(root, file), join(folder, file));
  }
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of ['bridge', 'engine', 'host', 'keys']) write(`client/src/${name}/a.ts`, '');
  for (const shell of ['main', 'preload']) write(`client/src/${shell}/${shell}.ts`, 'export {};');
  for (const page of ['renderer', 'console']) {
    write(`client/src/${page}/index.html`, '<script type="module" src="./main.ts"></script>');
    const told = "`${process.env.NODE_ENV}, ${import.meta.env.DEV ? 'with' : 'without'} warnings`";
    write(`client/src/${page}/main.ts`, `document.title = ${told};`);
  }
}

const ofClient = (name) => `client/${name}`;

function scriptsBelow(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'));
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

let checkout;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'rookery-set-up-'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

test('builds the pages for production, also where a test starts it', async () => {
  expect(process.env.NODE_ENV).toBe('test');
  makeTinyCheckout(checkout);
  await setUpPage(checkout);
  for (const page of ['renderer', 'console']) {
    const built = scriptsBelow(join(checkout, 'client', 'dist', page));
    expect(built, page).toContain('production, without warnings');
  }
});
