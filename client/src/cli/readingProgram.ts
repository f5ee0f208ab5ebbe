import { Option, type Command } from 'commander';
import type { Uuid } from '@rookery/schemas/messages';
import type { ChatOptions } from './chatCommand.js';
import { outputOf, type Json } from './commandOptions.js';

/** What `rookery chat` takes about what was read, and about finding it again. */
export interface ReadingOptions {
  readonly search?: string;
  readonly before?: Uuid;
  readonly unread?: true;
  readonly read?: true;
}

/** Adds these options to `rookery chat`. */
export function addReadingOptions(command: Command): Command {
  const alone = ['send', 'follow', 'history'];
  return command
    .addOption(
      new Option(
        '--search <words>',
        'print messages with all these words, newest first; word* for all that begin so',
      ).conflicts([...alone, 'after']),
    )
    .addOption(
      new Option('--unread', 'print how much is unread, of all rooms and talks').conflicts([
        ...alone,
        'to',
      ]),
    )
    .addOption(new Option('--read', 'mark everything in it as read').conflicts(alone));
}

/** Does what the options ask for. @returns false where they ask for nothing. */
export async function runReadingOptions(
  options: ChatOptions & ReadingOptions & Json,
): Promise<boolean> {
  const { search, before, unread, read } = options;
  const { markRead, printUnread, searchMessages } = await import('./readingCommand.js');
  const output = outputOf(options);
  if (search !== undefined) await searchMessages(options, search, before ?? null, output);
  else if (unread === true) await printUnread(options, output);
  else if (read === true) await markRead(options, output);
  else return false;
  return true;
}
