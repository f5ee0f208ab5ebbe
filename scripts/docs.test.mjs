import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../client/dist/src/cli/program.js';
import { runConfigCommand } from '../server/dist/config/configCommand.js';
import { configKeys, variableOf } from '../server/dist/config/configSchema.js';
import { flagsOf, parseHelp, readCommandTree, withAllBelow } from './commandTree.mjs';
import { anchorsOf, commandLinesIn, optionsIn, parsePage, readPages } from './documentation.mjs';
import { commandsPage } from './generateCommandsPage.mjs';
import { configuration } from './generateConfigurationPage.mjs';
import { messagesPage } from './generateMessagesPage.mjs';
import { operatorTables } from './generateOperatorTables.mjs';
import { protocolTables } from './generateProtocolTables.mjs';
import { definitionsIn } from './messageSchemas.mjs';
import { keyTables } from './generateKeyTables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tree = readCommandTree();
const all = withAllBelow(tree);
const pages = readPages();
const pageOf = new Map(pages.map((page) => [page.path, page]));

/** Those that people write; the others say what the program says. */
const made = ['docs/commands.md', 'docs/configuration.md', 'docs/messages.md'];
const written = pages.filter(({ path }) => !made.includes(path));

const packageScripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

/** All of the project's own text but documentation. */
const sources = execFileSync(
  'git',
  ['grep', '--untracked', '-hIE', '(ROOKERY_[A-Z_]+|--[a-z][a-z-]+)', '--', ':!*.md'],
  { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1_048_576 },
);

describe('what is made of the source', () => {
  const generated = [
    configuration,
    commandsPage,
    messagesPage,
    protocolTables,
    operatorTables,
    keyTables,
  ];
  test.each(generated.map((page) => [page.path, page]))('%s is as it says', async (_path, page) => {
    expect(page.written(), page.advice).toBe(await page.expected());
  });

  test('every command and every option says what it does', () => {
    const silent = all.flatMap(({ path, text, options }) => [
      ...(text === '' ? [path] : []),
      ...options.filter((one) => one.text === '').map(({ term }) => `${path} ${term}`),
    ]);
    expect(silent).toEqual([]);
  });
});

describe('what the documentation names is there', () => {
  test.each(pages.map((page) => [page.path, page]))('links of %s', (path, page) => {
    const lost = page.links.filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file, anchor] = target.split('#');
      const to = file === '' ? path : normalize(join(dirname(path), decodeURI(file)));
      if (!existsSync(join(root, to))) return true;
      if (anchor === undefined || !to.endsWith('.md')) return false;
      return !anchorsOf(pageOf.get(to)).has(anchor);
    });
    expect(lost).toEqual([]);
  });

  test.each(written.map((page) => [page.path, page]))(
    'commands and options of %s',
    (_path, page) => {
      expect(commandLinesIn(page).flatMap(wrongIn)).toEqual([]);
      const short = page.spans.filter((span) => commandCalled(span.split(' ')[0]) !== null);
      expect(short.filter((span) => span.includes(' --')).flatMap(wrongIn)).toEqual([]);
      const bare = page.spans.filter((span) => /^--[a-z]/.test(span)).flatMap(optionsIn);
      expect(bare.filter((option) => !isOptionOfAny(option))).toEqual([]);
    },
  );

  test.each(written.map((page) => [page.path, page]))('variables and files of %s', (path, page) => {
    const code = [...page.spans, ...page.blocks.flatMap(({ lines }) => lines)];
    const variables = code.flatMap((text) => text.match(/ROOKERY_[A-Z_]*[A-Z]\b/g) ?? []);
    const keyVariables = new Set(configKeys.map(variableOf));
    const isKnown = (name) => keyVariables.has(name) || sources.includes(name);
    expect(variables.filter((name) => !isKnown(name))).toEqual([]);
    const scripts = code.flatMap((text) => text.match(/(?<=npm run )[a-z:]+/g) ?? []);
    expect(scripts.filter((name) => !(name in packageScripts))).toEqual([]);
    const files = page.spans.filter((span) => /^(scripts|docs|packaging)\/[\w./-]+$/.test(span));
    const isThere = (file) =>
      existsSync(join(root, file)) || existsSync(join(root, dirname(path), file));
    expect(files.filter((file) => !isThere(file))).toEqual([]);
  });

  const settings = ['README.md', 'docs/operator.md'].flatMap((path) =>
    pageOf
      .get(path)
      .blocks.filter(({ info }) => info === 'toml')
      .map(({ lines }) => [path, lines.join('\n')]),
  );
  test.each(settings)('settings in %s are sound', (_path, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'rookery-docs-'));
    try {
      const file = join(folder, 'rookery.toml');
      writeFileSync(file, text);
      let told = '';
      const tell = (words) => (told += words);
      const around = { env: {}, homeDirectory: homedir(), workingDirectory: folder };
      const code = runConfigCommand(['check', file], around, { out: tell, err: tell });
      expect({ code, told }).toEqual({ code: 0, told: expect.stringContaining('sound') });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what is there is named', () => {
  const lines = written.flatMap(commandLinesIn);
  const spans = written.flatMap((page) => page.spans);

  test('every command, by a page that somebody wrote', () => {
    const named = [...lines, ...spans].join('\n');
    const isNamed = ({ path }) => {
      const [, ...words] = path.split(' ');
      return new RegExp(`(^|[|\\s])${words.join('\\s(?:.*[|\\s])?')}\\b`, 'm').test(named);
    };
    const missing = all.slice(1).filter((command) => !isNamed(command));
    const advice = 'to be named in README.md, docs/user.md, docs/operator.md or another page';
    expect(
      missing.map(({ path }) => path),
      advice,
    ).toEqual([]);
  });

  test('every page, by the index of the documentation', () => {
    const linked = pageOf.get('docs/README.md').links.map((target) => join('docs', target));
    const own = pages.filter(
      ({ path }) => /^docs\/[^/]+\.md$/.test(path) && !path.endsWith('README.md'),
    );
    expect(own.map(({ path }) => path).filter((path) => !linked.includes(path))).toEqual([]);
  });
});

test('the help of a command is read whole', () => {
  const byPath = new Map(all.map((command) => [command.path, command]));
  const missing = [];
  const compare = (command, path) => {
    const read = flagsOfAll([byPath.get(path)]);
    const flags = command.options.map(({ long }) => long);
    missing.push(...flags.filter((flag) => !read.has(flag)).map((flag) => `${path} ${flag}`));
    for (const below of command.commands) compare(below, `${path} ${below.name()}`);
  };
  compare(buildProgram(), 'rookery');
  expect(missing).toEqual([]);
  const help =
    'Usage: rookery x [options]\n\nDoes it.\n\nOptions:\n  --a <N>  one\n    two\n  -b\n';
  expect(parseHelp(`${help}\nValues:\n  --c  none\n`, 'rookery x')).toMatchObject({
    ...{ usage: 'rookery x [options]', text: 'Does it.' },
    options: [
      { term: '--a <N>', text: 'one two' },
      { term: '-b', text: '' },
    ],
  });
});

test('schemas of messages are read whole, or not at all', () => {
  const source =
    '/// What.\ntable A {\n  /// One.\n  b:[ubyte];\n}\nenum C:uint8 { D, E = 4, F }\n';
  expect(definitionsIn(source, 'x.fbs')).toMatchObject([
    { name: 'A', text: 'What.', members: [{ name: 'b', type: '[ubyte]', text: 'One.' }] },
    { name: 'C', type: 'uint8', members: [{ value: 0 }, { value: 4 }, { value: 5 }] },
  ]);
  expect(() => definitionsIn('table A {\n  b:int = ;\n}\n', 'x.fbs')).toThrow('no field');
  expect(() => definitionsIn('struct A { }\n', 'x.fbs')).toThrow('what is this');
});

test('a page is taken apart as it is shown', () => {
  const page = parsePage(
    'x.md',
    [
      '# One `two` (3)',
      'See [this](a.md#b), `[not](that.md)` and',
      '`a span',
      'on two lines`.',
      '',
      '    npx rookery rooms --server HOST \\',
      '      --members # who is there',
      '    other --words',
      '',
      '```toml',
      'port = 1',
      '```',
      '- a point',
      '    that goes on',
    ].join('\n'),
  );
  expect(page.links).toEqual(['a.md#b']);
  expect(page.spans).toEqual(['two', '[not](that.md)', 'a span on two lines']);
  expect(page.blocks.map(({ info, lines }) => [info, lines.length])).toEqual([
    ['', 3],
    ['toml', 1],
  ]);
  expect(commandLinesIn(page)).toEqual(['rooms --server HOST --members']);
  expect([...anchorsOf(page)]).toEqual(['one-two-3']);
});

function commandCalled(name) {
  return tree.commands.find(({ path }) => path === `rookery ${name}`) ?? null;
}

function flagsOfAll(commands) {
  return new Set(commands.flatMap(({ options }) => options.flatMap(flagsOf)));
}

/**
 * @param {string} line from the command on; it may name several, as alternatives
 * @returns {string[]} what is not there
 */
function wrongIn(line) {
  const [name] = line.split(/[\s:]/);
  if (/^(--help|--version|COMMAND|…)/.test(name)) return [];
  if (commandCalled(name) === null) return [`rookery ${line}: no command ${name}`];
  const words = new Set(line.split(/[\s[\]()|]+/));
  const commands = tree.commands.filter(({ path }) => words.has(path.split(' ')[1]));
  const flags = flagsOfAll(commands.flatMap(withAllBelow));
  return optionsIn(line)
    .filter((option) => !flags.has(option))
    .map((option) => `rookery ${line}: no option ${option}`);
}

/** Of the program, or of one of the scripts and benches beside it. */
function isOptionOfAny(option) {
  return flagsOfAll(all).has(option) || new RegExp(`${option}(?![\\w-])`).test(sources);
}
