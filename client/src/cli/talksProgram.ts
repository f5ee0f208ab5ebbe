import { Option, type Command } from 'commander';
import { repeatedArgument } from './argumentParsers.js';
import { addReconnectOption, addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { Output } from './output.js';
import type { SessionOptions } from './session.js';

type TalksOptions = SessionOptions &
  Json & {
    readonly create?: string;
    readonly with?: readonly string[];
    readonly leave?: string;
    readonly call?: string;
    readonly decline?: string;
    readonly watch?: true;
  };

/** Adds `rookery talks`: talks outside the tree of rooms. */
export function addTalks(program: Command): void {
  const command: Command = program
    .command('talks')
    .summary('show your talks outside the rooms; make or leave a group; call')
    .description(
      'Shows the direct and group talks that you take part in, and who is in their calls.',
    )
    .addOption(new Option('--create <name>', 'make a group talk').conflicts('leave'))
    .addOption(
      new Option(
        '--with <name-or-id>',
        'who is to take part in it; may be given several times',
      ).argParser(repeatedArgument),
    )
    .option('--leave <name-or-id>', 'take part in a group talk no longer')
    .addOption(
      new Option(
        '--call <name-or-id>',
        'be in the call with a person or of a group, without sound, until Ctrl-C',
      ).conflicts(['create', 'leave']),
    )
    .addOption(
      new Option('--decline <name-or-id>', 'let a call ring no longer').conflicts([
        ...['create', 'leave', 'call'],
      ]),
    )
    .addOption(
      new Option('--watch', 'tell of calls as they ring, begin and end, until Ctrl-C').conflicts([
        ...['create', 'leave', 'call', 'decline'],
      ]),
    );
  addReconnectOption(addServerOptions(command)).action(async (options: TalksOptions) => {
    const output = outputOf(options);
    const { create, with: people, leave } = options;
    if (people !== undefined && create === undefined) {
      command.error('error: --with goes with --create <name>');
    }
    if (await runCallOptions(options, output)) return;
    const talks = await import('./talksCommand.js');
    if (create !== undefined) await talks.createTalk(options, create, people ?? [], output);
    else if (leave !== undefined) await talks.leaveTalk(options, leave, output);
    else await talks.listTalks(options, output);
  });
}

/** @returns whether one of them was given. */
async function runCallOptions(options: TalksOptions, output: Output): Promise<boolean> {
  const { call, decline, watch } = options;
  if (call === undefined && decline === undefined && watch === undefined) return false;
  const calls = await import('./callCommand.js');
  if (call !== undefined) await calls.callTalk(options, call, output);
  else if (decline !== undefined) await calls.declineCall(options, decline, output);
  else await calls.watchCalls(options, output);
  return true;
}
