import { CommanderError } from 'commander';
import { ClientError, type ClientErrorCode } from '../engine/clientError.js';
import { jsonOutput, textOutput, type Output } from './output.js';
import { buildProgram } from './program.js';

/** What to do on this command line, where the error's own words do not say it. */
const hints: Readonly<Partial<Record<ClientErrorCode, string>>> = {
  noSuchIdentity: 'choose one with --identity or `rookery identity default`',
  wrongPassword: 'give it with --password or in ROOKERY_PASSWORD',
  wrongAccountPassword: 'give it with --account-password or in ROOKERY_ACCOUNT_PASSWORD',
  badInvitation: 'use it with `rookery join LINK` or --invite CODE',
  invitationNeeded: 'use it with `rookery join LINK` or --invite CODE',
  nameTaken: 'choose another with --name',
  nameNotAllowed: 'choose another with --name',
  fingerprintChanged:
    'to accept it: --accept-fingerprint with that fingerprint, once; with `rookery admin login` ' +
    'that is --fingerprint',
};

/**
 * Runs one command line of `rookery`, without `rookery server`.
 *
 * @param args without the programs' names.
 * @returns the exit code: 0 fine, 1 an error (told in one line on stderr), 2 wrong usage.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const output = args.includes('--json') ? jsonOutput : textOutput;
  const program = buildProgram();
  // A reader that has read enough (`| head`) is no fault; commands that run on end by it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, output);
    if (!(error instanceof ClientError)) throw error;
    const hint = hints[error.code];
    output.error(error.code, hint === undefined ? error.message : `${error.message} (${hint})`);
    return 1;
  }
}

/** Help and version end well; for wrong usage the reason was kept back until here. */
function endOfParsing({ code, exitCode, message }: CommanderError, output: Output): number {
  if (exitCode === 0) return 0;
  if (code !== 'commander.help') {
    output.error('usage', message.replace(/^error: /, '').replaceAll('\n', ' '));
  }
  return 2;
}
