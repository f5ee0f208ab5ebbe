import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Uuid } from '@rookery/schemas/messages';
import type { ChatOptions } from './chatCommand.js';
import { outputOf, type Json } from './commandOptions.js';
import type { TextAct } from './textCommand.js';

/** What `rookery chat` takes about messages that are there. */
export interface TextOptions {
  readonly history?: number | true;
  readonly before?: Uuid;
  readonly after?: Uuid;
  readonly edit?: readonly string[];
  readonly delete?: Uuid;
  readonly react?: readonly string[];
  readonly unreact?: readonly string[];
  readonly pin?: Uuid;
  readonly unpin?: Uuid;
  readonly pins?: true;
}

const historyCount = 50;

/** Adds the options about messages that are there to `rookery chat`. */
export function addTextOptions(command: Command): Command {
  const alone = ['send', 'follow'];
  const about = (flags: string, what: string): Option =>
    new Option(flags, what).argParser(messageIdArgument);
  return command
    .addOption(about('--reply <id>', 'with --send: the message that it answers'))
    .addOption(
      new Option('--history [n]', `print the newest messages, 1 to 100; ${historyCount} by default`)
        .argParser(pageCountArgument)
        .conflicts(alone),
    )
    .addOption(about('--before <id>', 'with --history or --search: those before this message'))
    .addOption(
      about('--after <id>', 'with --history: those after this message').conflicts('before'),
    )
    .addOption(
      new Option('--edit <id> <text...>', 'give your message another text').conflicts(alone),
    )
    .addOption(about('--delete <id>', 'delete your message').conflicts(alone))
    .addOption(new Option('--react <id> <emoji...>', 'react to a message').conflicts(alone))
    .addOption(new Option('--unreact <id> <emoji...>', 'take it back').conflicts(alone))
    .addOption(about('--pin <id>', 'pin a message').conflicts(alone))
    .addOption(about('--unpin <id>', 'take a pin away').conflicts(alone))
    .addOption(new Option('--pins', 'print the pinned messages').conflicts(alone));
}

/** Does what the options ask for. @returns false where they ask for nothing. */
export async function runTextOptions(
  options: ChatOptions & TextOptions & Json,
  command: Command,
): Promise<boolean> {
  const { history, before, after, pins } = options;
  const { printHistory, printPins, actOnMessage } = await import('./textCommand.js');
  const output = outputOf(options);
  if (history !== undefined) {
    const count = history === true ? historyCount : history;
    const query = after === undefined ? { before: before ?? null } : { after };
    await printHistory(options, query, count, output);
    return true;
  }
  if (pins === true) {
    await printPins(options, output);
    return true;
  }
  const act = actOf(options, command);
  if (act === null) return false;
  await actOnMessage(options, act, output);
  return true;
}

function actOf(options: TextOptions, command: Command): TextAct | null {
  for (const kind of ['edit', 'react', 'unreact'] as const) {
    const values = options[kind];
    if (values === undefined) continue;
    const [id = '', value, more] = values;
    if (value === undefined || more !== undefined) {
      command.error(`error: --${kind} takes an id and one more value; quote what has spaces`);
    }
    return { kind, messageId: idOf(id, command), value };
  }
  for (const kind of ['delete', 'pin', 'unpin'] as const) {
    const messageId = options[kind];
    if (messageId !== undefined) return { kind, messageId, value: '' };
  }
  return null;
}

function idOf(text: string, command: Command): Uuid {
  try {
    return messageIdArgument(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return command.error(`error: "${text}": ${error.message}`);
  }
}

function messageIdArgument(text: string): Uuid {
  const id = text.trim().toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new InvalidArgumentError('It is not the id of a message, as --history shows it.');
}

function pageCountArgument(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= 100) return count;
  throw new InvalidArgumentError('Give a whole number from 1 to 100.');
}
