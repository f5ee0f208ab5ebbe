import { Option, type Command } from 'commander';
import { repeatedArgument } from './argumentParsers.js';
import { addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { SessionOptions } from './session.js';

type TalksOptions = SessionOptions &
  Json & {
    readonly create?: string;
    readonly with?: readonly string[];
    readonly leave?: string;
  };

/** Adds `rookery talks`: talks outside the tree of rooms. */
export function addTalks(program: Command): void {
  const command: Command = program
    .command('talks')
    .summary('show your talks outside the rooms; make or leave a group')
    .description('Shows the direct and group talks that you take part in.')
    .addOption(new Option('--create <name>', 'make a group talk').conflicts('leave'))
    .addOption(
      new Option(
        '--with <name-or-id>',
        'who is to take part in it; may be given several times',
      ).argParser(repeatedArgument),
    )
    .option('--leave <name-or-id>', 'take part in a group talk no longer');
  addServerOptions(command).action(async (options: TalksOptions) => {
    const output = outputOf(options);
    const { create, with: people, leave } = options;
    if (people !== undefined && create === undefined) {
      command.error('error: --with goes with --create <name>');
    }
    const talks = await import('./talksCommand.js');
    if (create !== undefined) await talks.createTalk(options, create, people ?? [], output);
    else if (leave !== undefined) await talks.leaveTalk(options, leave, output);
    else await talks.listTalks(options, output);
  });
}
