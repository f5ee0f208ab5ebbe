import { Option, type Command } from 'commander';
import type { ChatOptions } from './chatCommand.js';
import {
  addReconnectOption,
  addRoomOption,
  addServerOptions,
  outputOf,
  type Json,
} from './commandOptions.js';
import { addFileOptions, runFileOptions, type FileOptions } from './fileProgram.js';
import { addReadingOptions, runReadingOptions, type ReadingOptions } from './readingProgram.js';
import { addTextOptions, runTextOptions, type TextOptions } from './textProgram.js';

/** Adds `rookery chat`: what is written in a room. */
export function addChat(program: Command): void {
  const command = program
    .command('chat')
    .summary('send a message to a room, or read along')
    .description('Sends a message to a room, or prints messages as they come until Ctrl-C.')
    .addOption(new Option('--send <text>', 'send this and end').conflicts('follow'))
    .option('--follow', 'print messages as they come')
    .addOption(
      new Option('--presence <status>', 'with --follow: what others are shown').choices([
        'online',
        'idle',
        'away',
      ]),
    )
    .addOption(
      new Option(
        '--to <name-or-id>',
        'the talk with this person, there or not, or a group talk, in place of a room',
      ).conflicts('room'),
    );
  addReadingOptions(addTextOptions(addFileOptions(command)));
  addReconnectOption(addRoomOption(addServerOptions(command))).action(
    async (
      options: ChatOptions &
        FileOptions &
        TextOptions &
        ReadingOptions &
        Json & { readonly send?: string; readonly follow?: true },
    ) => {
      if (await runFileOptions(options, command)) return;
      if (await runReadingOptions(options)) return;
      if (await runTextOptions(options, command)) return;
      const { followChat, sendChat } = await import('./chatCommand.js');
      if (options.send !== undefined) await sendChat(options, options.send, outputOf(options));
      else if (options.follow === true) await followChat(options, outputOf(options));
      else
        command.error('error: give --send <text>, --follow, --history or another option of these');
    },
  );
}
