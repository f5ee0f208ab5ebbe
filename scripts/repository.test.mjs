// The rules of the checkout that no linter sees.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders that the project's own commands fill, as in .gitignore. */
const madeFolders = ['node_modules', 'dist', 'coverage', '.git', '.rookery', 'demo-output'];

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !madeFolders.includes(entry.name) ? filesBelow(path) : [];
  });
}

const readText = (path) => readFileSync(join(root, path), 'utf8');
const files = filesBelow('').filter((path) => !path.endsWith('.log'));
const code = files.filter((path) => /\.(ts|mjs)$/.test(path) && !path.includes('/generated/'));
const sources = code.filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.test.mjs'));
const documents = files.filter((path) => path.endsWith('.md'));

/** `path:line` of every line that fails a check. */
function linesWhere(paths, check) {
  return paths.flatMap((path) =>
    readText(path)
      .split('\n')
      .flatMap((line, index) => (check(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('names', () => {
  test('files are named for what they hold', () => {
    const vague = /^(utils?|helpers?|common|misc|stuff)\./i;
    expect(code.filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  test('files are camelCase', () => {
    const camelCase = /^([a-z][a-zA-Z0-9]*\.)+(ts|mjs)$/;
    expect(code.filter((path) => !camelCase.test(basename(path)))).toEqual([]);
  });

  test('thread entries end in Worker', () => {
    const started = /(?:new Worker\(|filename:)\s*(?:fileURLToPath\()?\s*new URL\(\s*'([^']+)'/g;
    const misnamed = sources.flatMap((path) =>
      [...readText(path).matchAll(started)]
        .filter(([, entry]) => !/Worker\.m?js$/.test(entry))
        .map(([, entry]) => `${path} starts ${entry}`),
    );
    const threadSide =
      /import\s*{[^}]*\b(parentPort|workerData)\b[^}]*}\s*from 'node:worker_threads'/;
    const unmarked = sources.filter(
      (path) => threadSide.test(readText(path)) && !/Worker\.(ts|mjs)$/.test(path),
    );
    expect([...misnamed, ...unmarked]).toEqual([]);
  });
});

describe('text', () => {
  test('nothing is left to do in a comment', () => {
    const leftOver = /\b(TO[D]O|FIX[M]E|XX[X])\b/;
    expect(linesWhere(code, (line) => leftOver.test(line))).toEqual([]);
  });

  test('no file names a folder of the machine it was written on', () => {
    const personal = /(^|[\s'"`(=:])[/](root|work|tmp)[/]/;
    const texts = files.filter((path) => !/\.(wav|png|ico|wasm)$/.test(path));
    expect(linesWhere(texts, (line) => personal.test(line))).toEqual([]);
  });

  test('no file names the host of a package registry', () => {
    const host = /registry[.](npm|yarn)|deb[.]debian|pypi[.]org/;
    expect(linesWhere(files, (line) => host.test(line))).toEqual([]);
  });
});

describe('packages', () => {
  const lock = JSON.parse(readText('package-lock.json'));

  test('the lock file holds no download address', () => {
    const addresses = Object.values(lock.packages)
      .map(({ resolved }) => resolved)
      .filter((resolved) => resolved?.includes('://'));
    expect(addresses).toEqual([]);
  });

  test('every locked package can be verified', () => {
    const unverified = Object.entries(lock.packages)
      .filter(
        ([path, { link, integrity }]) => path.includes('node_modules/') && !link && !integrity,
      )
      .map(([path]) => path);
    expect(unverified).toEqual([]);
  });

  test('every required package supports the oldest Node that we do', () => {
    // Of these only types are read; whoever fetches Electron's program by them needs a newer Node.
    const ofElectron = /^node_modules\/(electron|@electron\/get|@electron-internal\/extract-zip)$/;
    const newer = Object.entries(lock.packages)
      .filter(
        ([path, { engines, optional }]) =>
          !optional && !ofElectron.test(path) && /^>=? ?(2[1-9]|[3-9]\d)/.test(engines?.node),
      )
      .map(([path, { engines }]) => `${path} needs ${engines.node}`);
    expect(newer).toEqual([]);
  });
});

describe('documents', () => {
  const { scripts } = JSON.parse(readText('package.json'));

  test('name only commands that exist', () => {
    const unknown = documents.flatMap((path) =>
      [...readText(path).matchAll(/npm run ([\w:]+)/g)]
        .filter(([, name]) => !Object.hasOwn(scripts, name))
        .map(([, name]) => `${path}: npm run ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test('link only to files that exist', () => {
    const broken = documents.flatMap((path) =>
      [...readText(path).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)]
        .map(([, target]) => join(dirname(path), target))
        .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('name every npm script in the README or the guide for contributors', () => {
    const text = readText('README.md') + readText('CONTRIBUTING.md');
    const named = (name) => ['start', 'test'].includes(name) || text.includes(`npm run ${name}`);
    expect(Object.keys(scripts).filter((name) => !named(name))).toEqual([]);
  });
});
