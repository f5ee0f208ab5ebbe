import { InvalidArgumentError, Option, type Command } from 'commander';
import { stressTestLimits } from '@rookery/schemas/stressTest';
import { displayNameArgument, portArgument, serverArgument } from './argumentParsers.js';
import type { BotsOptions } from './botsCommand.js';
import { outputOf, type Json } from './commandOptions.js';

/** Adds `rookery bots`. */
export function addBots(program: Command): void {
  const { count, speakers, rooms, seconds, ramp } = stressTestLimits;
  program
    .command('bots')
    .summary('let many bots join and speak, and see what the server carries')
    .description(
      'Lets bots join a server, each with an identity of its own, and some of them speak: tells ' +
        'what was lost, how long frames took, what the server used and how many people its ' +
        'machine would carry. A server lets them in from its own machine, or with a pass. Ends ' +
        'well where at most a thousandth of the frames was lost.',
    )
    .requiredOption('--server <host[:port]>', 'the server; IPv6 in brackets', serverArgument)
    .addOption(rangeOption('--count <n>', 'bots', count).default(100))
    .addOption(rangeOption('--speakers <n>', 'how many of them speak', speakers).default(10))
    .addOption(rangeOption('--rooms <n>', 'temporary rooms that they share', rooms).default(10))
    .option('--wav <file>', 'what they say, its first minute; else something like speech')
    .addOption(rangeOption('--seconds <n>', 'how long they speak', seconds).default(30))
    .addOption(rangeOption('--ramp <n/s>', 'logins a second', ramp).default(100))
    .addOption(
      new Option('--name-prefix <name>', 'what they and their rooms are called, with a number')
        .argParser(displayNameArgument)
        .default('Bot'),
    )
    .addOption(
      new Option('--password <text>', "the server's password; others may see it on a command line")
        .env('ROOKERY_PASSWORD')
        .default('', 'none'),
    )
    .addOption(
      new Option('--pass <text>', 'of an operator, for bots; others may see it on a command line')
        .env('ROOKERY_BOT_PASS')
        .default('', 'none'),
    )
    .addOption(
      new Option('--admin-port <port>', "the server's admin port, for what it uses")
        .argParser(portArgument)
        .default(null, "looked for on the server's own machine"),
    )
    .option('--json', 'print one object a line, errors too', false)
    .action(async (options: BotsOptions & Json) => {
      const { runBots } = await import('./botsCommand.js');
      await runBots(options, outputOf(options));
    });
}

/** A whole number, or a rate: `200/s`. */
export function rangeOption(
  flags: string,
  summary: string,
  { min, max }: { readonly min: number; readonly max: number },
): Option {
  return new Option(flags, `${summary}, ${min} to ${max}`).argParser((text) => {
    const [, digits] = /^(\d{1,9})(?:\/s)?$/.exec(text) ?? [];
    const value = Number(digits ?? NaN);
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  });
}
