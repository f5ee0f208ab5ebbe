import { Option, type Command } from 'commander';
import { secondsArgument, serverArgument } from './argumentParsers.js';
import type { CardOptions } from './cardCommand.js';
import { addProfileOption, outputOf, type Json } from './commandOptions.js';

/** Adds `rookery card`. */
export function addCard(program: Command): void {
  const command = program
    .command('card')
    .summary('look at a server without logging in')
    .description(
      'Shows what a server tells everybody: its name, how full it is, what it asks for, and its ' +
        'fingerprint, also in words. No name or key is sent, and nothing is remembered.',
    )
    .requiredOption('--server <host[:port]>', 'the server; IPv6 in brackets', serverArgument);
  addProfileOption(command)
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the server')
        .argParser(secondsArgument)
        .default(5),
    )
    .option('--json', 'print one object a line, errors too', false)
    .action(async (options: CardOptions & Json) => {
      const { showCard } = await import('./cardCommand.js');
      await showCard(options, outputOf(options));
    });
}
