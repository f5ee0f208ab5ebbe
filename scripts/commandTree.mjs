// The command line as it describes itself: every command with its arguments and options, read off
// the help that a person gets, whichever part of the program has the command. Needs the built
// client and server.
import { spawnSync } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../client/dist/src/cli/program.js';
import { defaultProfileFolder } from '../client/dist/src/engine/profileFolder.js';

const launcher = fileURLToPath(new URL('../bin/rookery.mjs', import.meta.url));

/** Wide enough that nothing of it is broken into lines in the middle of a term. */
const helpWidth = 100;

/**
 * @typedef {{ term: string, text: string }} Described a term as the help shows it
 * @typedef {{ path: string, usage: string, text: string, arguments: Described[],
 *   options: Described[], commands: CommandHelp[] }} CommandHelp
 */

/** @returns {CommandHelp} `rookery` with all below it */
export function readCommandTree() {
  return ofClient(buildProgram(), 'rookery');
}

/** Commands of the client are asked in this process; those of the launcher by starting it. */
function ofClient(command, path) {
  const own = parseHelp(command.configureHelp({ helpWidth }).helpInformation(), path);
  const commands = command.commands.map((below) => {
    const belowPath = `${path} ${below.name()}`;
    return isOfLauncher(below) ? ofLauncher(belowPath) : ofClient(below, belowPath);
  });
  return { ...own, commands };
}

/** They stand in the client's tree by name alone, so that its help lists them. */
function isOfLauncher(command) {
  const isEmpty = (list) => list.length === 0;
  return [command.options, command.registeredArguments, command.commands].every(isEmpty);
}

function ofLauncher(path) {
  const args = [...path.split(' ').slice(1), '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  if (status !== 0) throw new Error(`rookery ${args.join(' ')} ended with ${status}: ${stderr}`);
  const own = parseHelp(stdout, path);
  const names = own.commands.filter((name) => name !== 'help');
  return { ...own, commands: names.map((name) => ofLauncher(`${path} ${name}`)) };
}

/**
 * Takes the help of commander apart.
 *
 * @param {string} help
 * @param {string} path of the command
 * @returns {Omit<CommandHelp, 'commands'> & { commands: string[] }} with the names of its commands
 */
export function parseHelp(help, path) {
  const sections = new Map([['', []]]);
  let name = '';
  for (const line of forEverybody(help).split('\n')) {
    const head = /^(Usage|Arguments|Options|Commands): ?(.*)$/.exec(line);
    if (head === null) {
      // What follows the lists, such as the values of keys, is no part of them.
      if (name !== '' && name !== 'Usage' && /^\S/.test(line)) name = '';
      sections.get(name).push(line);
      continue;
    }
    [, name] = head;
    sections.set(name, head[2] === '' ? [] : [head[2]]);
  }
  const [usage = '', ...afterUsage] = sections.get('Usage') ?? [];
  const described = (section) => termsOf(sections.get(section) ?? []);
  return {
    ...{ path, usage, text: paragraph(afterUsage) },
    ...{ arguments: described('Arguments'), options: described('Options') },
    commands: described('Commands').map(({ term }) => term.split(/[ |]/)[0]),
  };
}

/** What depends on the machine and on who reads the help, as it is for everybody. */
function forEverybody(help) {
  const { platform, env } = process;
  const profile = defaultProfileFolder({ platform, env, homeFolder: homedir() });
  return help
    .replaceAll(`"${profile}"`, '~/.config/rookery')
    .replaceAll(`"${userInfo().username}"`, 'your user name');
}

/** Up to the first empty line after its words. */
function paragraph(lines) {
  const text = lines.join('\n').trim().split('\n\n')[0] ?? '';
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** Terms begin after two spaces; what is said of them stands beside or below, further in. */
function termsOf(lines) {
  const found = [];
  for (const line of lines) {
    const begun = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line);
    if (begun !== null) found.push({ term: begun[1], text: begun[2] ?? '' });
    else if (line.trim() !== '' && found.length > 0) {
      const last = found.at(-1);
      last.text = `${last.text} ${line.trim()}`.trim();
    }
  }
  return found;
}

/** @returns {CommandHelp[]} a command and all below it, itself first */
export function withAllBelow(command) {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** @returns {string[]} `--server`, `-h` … of an option's term */
export function flagsOf({ term }) {
  return term.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? [];
}
