import { homedir } from 'node:os';
import { Command, CommanderError } from 'commander';
import type { CommandOutput } from '../commandOutput.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { ServerError } from '../errors.js';
import { exit } from '../program.js';
import { findingsText, type DoctorFinding } from './findings.js';
import { lookAtNativePart, nativeFindings, type NativeLook } from './nativeParts.js';

/**
 * Runs `rookery doctor`. Everything that stands on native parts is loaded behind them, so that the
 * one that is broken is named.
 *
 * @param argv options only: those of the server, and `--json`; or `--native-only` alone
 * @returns the exit code: 0 where nothing is bad, 1 where something is, 2 wrong usage
 */
export async function runDoctorCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
  look: NativeLook = lookAtNativePart,
): Promise<number> {
  const native = await nativeFindings(look);
  if (argv.length === 1 && argv[0] === nativeOnly) return tell(native, 'text', output);
  if (native.some(isBad)) {
    return tell([...native, unseen], argv.includes('--json') ? 'json' : 'text', output);
  }
  try {
    const { config, format } = await parse(argv, env, output);
    const { examine } = await import('./doctor.js');
    return tell([...(await examine(config)), ...native], format, output);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.stopped : exit.usage;
    if (!(error instanceof ServerError)) throw error;
    output.err(`rookery: ${error.message}\n`);
    return error.code === 'invalidConfig' ? exit.usage : exit.failed;
  }
}

type Format = 'text' | 'json';

const nativeOnly = '--native-only';

const unseen: DoctorFinding = {
  subject: 'all else',
  verdict: 'attention',
  text: 'not checked: that takes the native parts.',
};

/** @throws CommanderError, ServerError `invalidConfig` */
async function parse(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { out, err }: CommandOutput,
): Promise<{ config: ServerConfig; format: Format }> {
  const { addConfigOptions, givenOptions } = await import('../config/commandLine.js');
  const { readConfig } = await import('../config/loadConfig.js');
  const program = addConfigOptions(new Command('rookery doctor'))
    .description('Looks at what a server needs on this machine, also while it runs.')
    .option('--json', 'print one JSON array')
    .option(nativeOnly, 'look at the native parts alone; goes with no other option')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .configureHelp({ helpWidth: 100 });
  program.parse(argv, { from: 'user' });
  const around = { env, homeDirectory: homedir(), workingDirectory: process.cwd() };
  const { config } = readConfig(givenOptions(program), around);
  return { config, format: program.opts()['json'] === true ? 'json' : 'text' };
}

function tell(findings: readonly DoctorFinding[], format: Format, { out }: CommandOutput): number {
  out(format === 'json' ? `${JSON.stringify(findings)}\n` : findingsText(findings));
  return findings.some(isBad) ? exit.failed : exit.stopped;
}

function isBad({ verdict }: DoctorFinding): boolean {
  return verdict === 'bad';
}
