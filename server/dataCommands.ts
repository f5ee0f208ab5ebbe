import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { makeOwnerToken } from './accounts/ownerToken.js';
import type { CommandOutput } from './commandOutput.js';
import { runConfigCommand } from './config/configCommand.js';
import { readConfig, type Surroundings } from './config/loadConfig.js';
import { ServerError } from './errors.js';
import { exit } from './program.js';
import { restore } from './store/backup.js';
import { assertSound, checkApart, reportText } from './store/checkApart.js';
import { makeBackup } from './store/makeBackup.js';
import { tryMigration } from './store/tryMigration.js';

/**
 * Runs `backup`, `restore`, `check`, `try-migration`, `owner-token` or `config`.
 *
 * @param argv the command and its options, without program and script
 * @returns the exit code: 0 done and sound, 1 failed or damaged, 2 wrong usage
 */
export async function runDataCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { out, err }: CommandOutput,
): Promise<number> {
  if (argv[0] === 'config') return runConfigCommand(argv.slice(1), surroundings(env), { out, err });
  let code: number = exit.stopped;
  const say = (text: string): void => out(`${text}\n`);
  const program = createProgram({ out, err }, env, say, () => {
    code = exit.failed;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.stopped : exit.usage;
    if (!(error instanceof ServerError)) throw error;
    err(`rookery: ${error.message}\n`);
    return error.code === 'invalidConfig' ? exit.usage : exit.failed;
  }
}

function createProgram(
  { out, err }: CommandOutput,
  env: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
  onDamage: () => void,
): Command {
  const dataOf = ({ data }: { data?: string }): string => dataDirectoryOf(data, env);
  const program = new Command('rookery').exitOverride();
  program.configureOutput({ writeOut: out, writeErr: err });
  program
    .command('backup')
    .description("Copies a server's data, also while the server runs.")
    .option('--data <DIR>', 'data directory of the server')
    .requiredOption('--out <DIR>', 'folder to make')
    .action(async (options: { data?: string; out: string }) => {
      const [data, folder] = [dataOf(options), resolve(options.out)];
      await makeBackup(data, folder);
      say(`${data} is backed up in ${folder}, and the copy was read through.`);
    });
  program
    .command('restore')
    .description('Puts a backup where a server will find it.')
    .requiredOption('--from <DIR>', 'the backup')
    .option('--data <DIR>', 'data directory of the server, without a database')
    .action(async (options: { data?: string; from: string }) => {
      const [data, folder] = [dataOf(options), resolve(options.from)];
      await assertSound(folder);
      await restore(folder, data);
      say(`${folder} is restored to ${data}.`);
    });
  program
    .command('check')
    .description("Reads a server's data or a backup through, also while the server runs.")
    .option('--data <DIR>', 'data directory of the server, or a backup')
    .action(async (options: { data?: string }) => {
      const report = await checkApart(dataOf(options));
      if (report.problemCount > 0) onDamage();
      say(reportText(report));
    });
  program
    .command('try-migration')
    .description(
      'Tries on a copy whether this version can take over the data, also while one runs.',
    )
    .option('--data <DIR>', 'data directory of the server')
    .action(async (options: { data?: string }) => {
      const { from, to } = await tryMigration(dataOf(options), say);
      say(from === to ? `The data is of schema ${to} already.` : 'The copy was migrated well.');
    });
  program
    .command('owner-token')
    .description('Makes a token for who is to be an owner; the one before is good for nothing.')
    .option('--data <DIR>', 'data directory of the server, which may run')
    .action((options: { data?: string }) => {
      say(makeOwnerToken(dataOf(options)));
    });
  for (const command of program.commands) command.exitOverride().allowExcessArguments(false);
  return program;
}

/** The same directory as the server's, by the same options, variables and defaults. */
function dataDirectoryOf(
  data: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const options = data === undefined ? {} : { data };
  return readConfig({ options, configFile: null }, surroundings(env)).config.dataDirectory;
}

function surroundings(env: Readonly<Record<string, string | undefined>>): Surroundings {
  return { env, homeDirectory: homedir(), workingDirectory: process.cwd() };
}
