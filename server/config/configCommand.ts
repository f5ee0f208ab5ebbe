import { Command, CommanderError } from 'commander';
import { ServerError } from '../errors.js';
import { exit } from '../program.js';
import type { CommandOutput } from '../commandOutput.js';
import { addConfigOptions, givenOptions, type GivenOptions } from './commandLine.js';
import { editConfig, shownValue, writeConfigFile } from './configuration.js';
import { configKeys, describeKey } from './configSchema.js';
import { readConfig, type LoadedConfig, type Surroundings } from './loadConfig.js';

/**
 * Runs `config print`, `config check`, `config set` or `config unset`.
 *
 * @param argv what follows `config`
 * @returns the exit code: 0 done and sound, 2 wrong usage or a configuration that is none
 */
export function runConfigCommand(
  argv: readonly string[],
  around: Surroundings,
  { out, err }: CommandOutput,
): number {
  const program = createProgram(around, { out, err });
  try {
    program.parse(argv, { from: 'user' });
    return exit.stopped;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.stopped : exit.usage;
    if (!(error instanceof ServerError)) throw error;
    err(`rookery: ${error.message}\n`);
    return exit.usage;
  }
}

function createProgram(around: Surroundings, { out, err }: CommandOutput): Command {
  const program = new Command('rookery config')
    .description('Prints, checks or changes the configuration of a server.')
    .exitOverride();
  program.configureOutput({ writeOut: out, writeErr: err });
  addConfigOptions(program.command('print'))
    .description('Prints what a server would run with, and where each value stands.')
    .option('--json', 'print one JSON object')
    .action((_options, command: Command) => {
      const loaded = readConfig(givenOptions(command), around);
      out(command.opts()['json'] === true ? json(loaded) : table(loaded));
    });
  program
    .command('check')
    .argument('[FILE]', 'settings to check; else those that a server would read')
    .description('Checks a configuration and starts nothing.')
    .option('--data <DIR>', 'data directory of the server')
    .action((file: string | undefined, { data }: { data?: string }) => {
      const given = { ...givenBy({ data }), configFile: file ?? null };
      const { file: found } = readConfig(given, around);
      out(`${found} is a sound configuration, with all variables.\n`);
    });
  const change = (given: PlaceOptions, key: string, value: string | null): void => {
    const { text, loaded } = editConfig(givenBy(given), around, { [key]: value });
    writeConfigFile(loaded.file, text);
    out(changeText(loaded, key));
  };
  withPlace(program.command('set'))
    .argument('<KEY>', 'such as voice-port')
    .argument('<VALUE>')
    .description('Writes a value to the file, and leaves all else of it as it stands.')
    .action((key: string, value: string, given: PlaceOptions) => change(given, key, value));
  withPlace(program.command('unset'))
    .argument('<KEY>')
    .description('Removes a key from the file.')
    .action((key: string, given: PlaceOptions) => change(given, key, null));
  for (const command of program.commands) command.exitOverride().allowExcessArguments(false);
  return program;
}

interface PlaceOptions {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
}

function withPlace(command: Command): Command {
  return command
    .option('--data <DIR>', 'data directory of the server')
    .option('--config <FILE>', 'settings to change instead of rookery.toml there');
}

function givenBy({ data, config }: PlaceOptions): GivenOptions {
  return { options: data === undefined ? {} : { data }, configFile: config ?? null };
}

function table({ values, sources, file }: LoadedConfig): string {
  const rows = configKeys.map((key) => {
    const value = shownValue(values, key);
    return [key, value === null ? placeholderOf(values[key], key) : String(value), sources[key]];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([key, value, source]) => {
    return `${key!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${source!}`;
  });
  return [`file: ${file}`, ...lines, ''].join('\n');
}

function placeholderOf(value: unknown, key: (typeof configKeys)[number]): string {
  return value === undefined ? `(${describeKey(key).defaultText ?? 'none'})` : '(set, not shown)';
}

function json({ values, sources, file }: LoadedConfig): string {
  const settings = configKeys.map((key) => ({
    key,
    value: shownValue(values, key),
    isSet: values[key] !== undefined,
    source: sources[key],
  }));
  return `${JSON.stringify({ file, settings })}\n`;
}

function changeText({ file, sources }: LoadedConfig, key: string): string {
  const found = configKeys.find((known) => known === key)!;
  const source = sources[found];
  const lines = [`${file} is written.`];
  if (source === 'variable') lines.push('A variable is set for this key, and overrides the file.');
  const isLive = describeKey(found).reload === 'live';
  lines.push(
    isLive
      ? 'A server that runs takes it over on SIGHUP.'
      : 'It holds from the next start of the server on.',
  );
  return `${lines.join('\n')}\n`;
}
