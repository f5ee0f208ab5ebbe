import { InvalidArgumentError, Option, type Command } from 'commander';
import { addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { SessionOptions } from './session.js';

/** Entries that `rookery audit` prints. */
const auditLines = 50;
const auditLinesMax = 10_000;

/** Adds what moderators do. */
export function addModeration(program: Command): void {
  addAudit(program);
}

function addAudit(program: Command): void {
  const command = program
    .command('audit')
    .summary('show who did what to whom')
    .description('Shows the newest entries of the audit log: who did what to whom, and where.')
    .addOption(
      new Option('--lines <n>', `so many entries, 1 to ${auditLinesMax}`)
        .argParser(linesArgument)
        .default(auditLines),
    );
  addServerOptions(command).action(
    async (options: SessionOptions & Json & { readonly lines: number }) => {
      const { showAudit } = await import('./auditCommand.js');
      await showAudit(options, options.lines, outputOf(options));
    },
  );
}

function linesArgument(text: string): number {
  const lines = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (lines >= 1 && lines <= auditLinesMax) return lines;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${auditLinesMax}.`);
}
