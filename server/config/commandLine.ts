import { Command, CommanderError, Option } from 'commander';
import { ServerError } from '../errors.js';
import { serverVersion } from '../version.js';
import { didYouMean } from './nearestName.js';
import {
  configDefaults,
  configKeys,
  describeKey,
  variableOf,
  type ConfigKey,
} from './configSchema.js';

/** What a command line says of the configuration. */
export interface GivenOptions {
  /** By configuration key. */
  readonly options: Readonly<Record<string, string>>;
  readonly configFile: string | null;
}

export type CommandLine =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'run'; readonly output: 'text' | 'json' } & GivenOptions);

/**
 * Parses the options of `rookery server`; they and their help are derived from the schema.
 *
 * @param argv options only, without program and script
 * @throws ServerError `invalidConfig`
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let text = '';
  const program = createProgram((written) => {
    text += written;
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    const refusal = `${refusalOf(error)}${meant(error)} Allowed: ${allowedOptions()}.`;
    throw new ServerError('invalidConfig', refusal, { cause: error });
  }
  const output = program.opts()['json'] === true ? 'json' : 'text';
  return { kind: 'run', ...givenOptions(program), output };
}

/** What was given of the options that addConfigOptions() added. */
export function givenOptions(program: Command): GivenOptions {
  const given = program.opts<Record<string, unknown>>();
  const options: Record<string, string> = {};
  for (const key of configKeys) {
    const value = given[new Option(`--${key}`).attributeName()];
    if (typeof value === 'string') options[key] = value;
  }
  return { options, configFile: typeof given['config'] === 'string' ? given['config'] : null };
}

/** Adds an option for each key of the configuration, and `--config`. */
export function addConfigOptions(program: Command): Command {
  for (const key of configKeys) {
    const { placeholder, summary } = describeKey(key);
    program.addOption(new Option(`--${key} <${placeholder}>`, `${summary}${defaultOf(key)}`));
  }
  return program.option(
    '--config <FILE>',
    'settings to read instead of rookery.toml in the data directory',
  );
}

function createProgram(write: (text: string) => void): Command {
  const program = new Command('rookery server')
    .description('Runs a Rookery server until it is told to stop (Ctrl-C or SIGTERM).')
    .version(serverVersion, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .configureHelp({ helpWidth: 100 });
  return addConfigOptions(program)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', helpEpilogue());
}

function defaultOf(key: ConfigKey): string {
  const values: Readonly<Record<string, string | number>> = configDefaults;
  const value = values[key] ?? describeKey(key).defaultText;
  return value === undefined ? '' : ` (default: ${value})`;
}

function helpEpilogue(): string {
  const width = Math.max(...configKeys.map((key) => key.length));
  const keys = configKeys.map((key) => `  ${key.padEnd(width)} ${describeKey(key).allowed}`);
  return [
    '',
    'Each option from --data to --key is also a key of rookery.toml and a variable (--voice-port:',
    `voice-port, ${variableOf('voice-port')}). Options override variables, variables the file.`,
    'Values:',
    ...keys,
  ].join('\n');
}

function allowedOptions(): string {
  return [...configKeys, 'config', 'json', 'help', 'version'].map((key) => `--${key}`).join(', ');
}

/** The option that an unknown one may have been meant for. */
function meant({ message }: CommanderError): string {
  const [, typed] = /unknown option '(--[^'=]+)/.exec(message) ?? [];
  return typed === undefined
    ? ''
    : didYouMean(
        typed,
        configKeys.map((key) => `--${key}`),
      );
}

/** commander's own words, without its prefix and suggestions. */
function refusalOf(error: CommanderError): string {
  const line = error.message.replace(/^error: /, '').split('\n', 1)[0] ?? '';
  return `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/\.$/, '')}.`;
}
