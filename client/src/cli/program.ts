import { Command, Option } from 'commander';
import { parseServerAddress } from '../engine/serverAddress.js';
import { defaultPorts } from '@rookery/schemas/protocol';
import {
  portArgument,
  repeatedArgument,
  repeatedRoomPathArgument,
  secondsArgument,
  serverArgument,
} from './argumentParsers.js';
import { addAccounts } from './accountsProgram.js';
import { addAccess } from './accessProgram.js';
import { addAdmin } from './admin/adminProgram.js';
import { addBots } from './botsProgram.js';
import { addCard } from './cardProgram.js';
import { addChat } from './chatProgram.js';
import { clientVersion } from '../clientVersion.js';
import {
  addReconnectOption,
  addServerOptions,
  addVoicePlaceOptions,
  chaosOption,
  outputOf,
  type Json,
} from './commandOptions.js';
import { addIdentity } from './identityProgram.js';
import type { ListenOptions } from './listenCommand.js';
import { addModeration } from './moderationProgram.js';
import { addRooms } from './roomsProgram.js';
import { addPlugins } from './plugin/pluginProgram.js';
import type { SayOptions } from './sayCommand.js';
import { addSound } from './soundProgram.js';
import type { StatsOptions } from './statsCommand.js';
import { addTalks } from './talksProgram.js';

/**
 * The whole command line. Parsing throws CommanderError for wrong usage, whose words are left to
 * the caller, and after help and version were printed.
 *
 * What a command needs is loaded when it runs: help and wrong usage are told at once.
 */
export function buildProgram(): Command {
  const program = new Command('rookery')
    .description('Talk and write on a Rookery server, or run one.')
    .version(clientVersion())
    .helpCommand(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  // The launcher runs it before it comes here: the client knows nothing of the server's options.
  program
    .command('server')
    .summary('run a server (see `rookery server --help`)')
    .description('Runs a server; the same as npm start.')
    .action(() => program.error('error: the server is started by bin/rookery.mjs server'));
  for (const [name, what] of dataCommands) {
    program
      .command(name)
      .summary(`${what} (see \`rookery ${name} --help\`)`)
      .action(() => program.error(`error: this command is of bin/rookery.mjs ${name}`));
  }
  addSound(program);
  addSay(program);
  addListen(program);
  addChat(program);
  addTalks(program);
  addRooms(program);
  addAccess(program);
  addModeration(program);
  addIdentity(program);
  addDevices(program);
  addCard(program);
  addStats(program);
  addBots(program);
  addAdmin(program);
  addPlugins(program);
  addAccounts(program);
  return program;
}

/** The launcher runs these, too: they work on a server's data. */
const dataCommands = [
  ['backup', "copy a server's data"],
  ['restore', 'put a backup where a server finds it'],
  ['certificate', 'show or renew the certificate of a server on this machine'],
  ['check', "read a server's data or a backup through"],
  ['config', 'print, check or change the configuration of a server'],
  ['try-migration', 'try on a copy whether this version can take over the data'],
  ['doctor', 'look at what a server needs on this machine'],
  ['update', 'bring an installed server to the newest release, or back'],
  ['owner-token', "make a token for the owner, on the server's machine"],
] as const;

function addSay(program: Command): void {
  const command = program
    .command('say')
    .summary('speak a WAV file into a room')
    .description('Speaks a WAV file (PCM 16, 24, 32 bit or float; any rate) into a room.')
    .requiredOption('--wav <file>', 'the sound to speak')
    .option('--loop', 'start again at its end, until --seconds or Ctrl-C', false)
    .addOption(new Option('--seconds <n>', 'end after this time').argParser(secondsArgument))
    .addOption(
      new Option(
        '--whisper <name-or-path>',
        'only this person or room hears it; may be given several times',
      ).argParser(repeatedArgument),
    )
    .option('--shout', 'the rooms below the rooms of --whisper hear it too', false)
    .addOption(chaosOption());
  addReconnectOption(addVoicePlaceOptions(addServerOptions(command))).action(
    async (options: SayOptions & Json) => {
      if (options.shout && options.whisper === undefined) {
        command.error('error: --shout goes with --whisper <path>');
      }
      const { say } = await import('./sayCommand.js');
      await say(options, outputOf(options));
    },
  );
}

function addListen(program: Command): void {
  const command = program
    .command('listen')
    .summary('record what is said in a room')
    .description(
      'Records what is said in a room as WAV (48 kHz), silence included. Everybody there is shown' +
        ' that you record, and some rooms do not permit it.',
    )
    .requiredOption('--out <file.wav>', 'the file to write')
    .requiredOption('--seconds <n>', 'how long; Ctrl-C ends it earlier', secondsArgument)
    .option('--per-speaker <dir>', 'also write one file for each speaker there')
    .addOption(
      new Option(
        '--also <path>',
        'hear this room too, without being in it; may be given several times',
      ).argParser(repeatedRoomPathArgument),
    );
  addReconnectOption(addVoicePlaceOptions(addServerOptions(command))).action(
    async (options: ListenOptions & Json) => {
      const { listen } = await import('./listenCommand.js');
      await listen(options, outputOf(options));
    },
  );
}

function addDevices(program: Command): void {
  program
    .command('devices')
    .summary('show the sound devices of this machine')
    .description('Shows the sound devices of this machine, and which are used if none is chosen.')
    .option('--json', 'print one object a line, errors too', false)
    .action(async (options: Json) => {
      const { showDevices } = await import('./devicesCommand.js');
      await showDevices(outputOf(options));
    });
}

function addStats(program: Command): void {
  program
    .command('stats')
    .summary("show what a server's relay does, on its own machine")
    .description(
      'Shows what the relay of a server does. Its admin port answers on its own machine.',
    )
    .addOption(
      new Option('--server <host[:port]>', 'the server; IPv6 in brackets')
        .argParser(serverArgument)
        .default(parseServerAddress('localhost'), 'localhost'),
    )
    .addOption(
      new Option('--admin-port <port>', "the server's admin port")
        .argParser(portArgument)
        .default(null, `2 above the server's port, or ${defaultPorts.admin}`),
    )
    .option('--watch', 'again every second, with rates, until Ctrl-C', false)
    .option('--json', 'print one object a line, errors too', false)
    .action(async (options: StatsOptions & Json) => {
      const { showStats } = await import('./statsCommand.js');
      await showStats(options, outputOf(options));
    });
}
