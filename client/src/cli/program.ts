import { Command, Option } from 'commander';
import { parseServerAddress } from '../engine/serverAddress.js';
import { defaultPorts } from '@rookery/schemas/protocol';
import {
  bitrateArgument,
  bundleWindowArgument,
  capArgument,
  innerRoomPathArgument,
  portArgument,
  renameArgument,
  repeatedArgument,
  secondsArgument,
  serverArgument,
  type RenameRequest,
  type RoomSetting,
} from './argumentParsers.js';
import { addChat } from './chatProgram.js';
import { clientVersion } from './clientVersion.js';
import {
  addReconnectOption,
  addRoomOption,
  addServerOptions,
  outputOf,
  type Json,
} from './commandOptions.js';
import type { ListenOptions } from './listenCommand.js';
import type { SayOptions } from './sayCommand.js';
import type { SessionOptions } from './session.js';
import type { StatsOptions } from './statsCommand.js';

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
  addSay(program);
  addListen(program);
  addChat(program);
  addRooms(program);
  addStats(program);
  return program;
}

/** The launcher runs these, too: they work on a server's data. */
const dataCommands = [
  ['backup', "copy a server's data"],
  ['restore', 'put a backup where a server finds it'],
  ['check', "read a server's data or a backup through"],
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
    .option('--shout', 'the rooms below the rooms of --whisper hear it too', false);
  addReconnectOption(addRoomOption(addServerOptions(command))).action(
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
    .description('Records what is said in a room as WAV (48 kHz), silence included.')
    .requiredOption('--out <file.wav>', 'the file to write')
    .requiredOption('--seconds <n>', 'how long; Ctrl-C ends it earlier', secondsArgument)
    .option('--per-speaker <dir>', 'also write one file for each speaker there');
  addReconnectOption(addRoomOption(addServerOptions(command))).action(
    async (options: ListenOptions & Json) => {
      const { listen } = await import('./listenCommand.js');
      await listen(options, outputOf(options));
    },
  );
}

type RoomsOptions = SessionOptions &
  Json & {
    readonly create?: readonly string[];
    readonly delete?: readonly string[];
    readonly rename?: RenameRequest;
    readonly cap?: RoomSetting;
    readonly bundleWindow?: RoomSetting;
    readonly bitrate?: RoomSetting;
  };

function addRooms(program: Command): void {
  const command: Command = program
    .command('rooms')
    .summary('show the rooms; create, delete, rename or set up one')
    .description('Shows the tree of rooms and how many people are in each.')
    .addOption(
      new Option('--create <path>', 'make a room, like Lobby/Games/Chess')
        .argParser(innerRoomPathArgument)
        .conflicts(['delete', 'rename', 'cap', 'bundleWindow', 'bitrate']),
    )
    .addOption(
      new Option('--delete <path>', 'delete a room')
        .argParser(innerRoomPathArgument)
        .conflicts(['rename', 'cap', 'bundleWindow', 'bitrate']),
    )
    .addOption(
      new Option('--rename <path> <name...>', 'give a room another name')
        .argParser(renameArgument)
        .conflicts(['cap', 'bundleWindow', 'bitrate']),
    )
    .addOption(
      new Option('--cap <path> <n...>', 'let only the n loudest be heard; 0 for everybody')
        .argParser(capArgument)
        .conflicts(['bundleWindow', 'bitrate']),
    )
    .addOption(
      new Option(
        '--bundle-window <path> <ms...>',
        'how long a frame may wait for others, 0 to 20, or default',
      )
        .argParser(bundleWindowArgument)
        .conflicts(['bitrate']),
    )
    .addOption(
      new Option(
        '--bitrate <path> <kb/s...>',
        'how much sound a speaker may send, 6 to 440, or default',
      ).argParser(bitrateArgument),
    );
  addServerOptions(command).action(async (options: RoomsOptions) => {
    const output = outputOf(options);
    const rooms = await import('./roomsCommand.js');
    const { create, rename, cap, bundleWindow, bitrate } = options;
    if (create !== undefined) {
      await rooms.createRoom(options, create, output);
    } else if (options.delete !== undefined) {
      await rooms.deleteRoom(options, options.delete, output);
    } else if (rename !== undefined) {
      if (rename.name === null) command.error('error: --rename needs a new name too');
      await rooms.renameRoom(options, rename.path, rename.name, output);
    } else if (cap !== undefined) {
      if (cap.value === null) command.error('error: --cap needs a number too');
      await rooms.setRoomVoice(options, cap.path, { speakersMax: cap.value }, output);
    } else if (bundleWindow !== undefined) {
      if (bundleWindow.value === null) command.error('error: --bundle-window needs a number too');
      const change = { bundleWindowMs: bundleWindow.value };
      await rooms.setRoomVoice(options, bundleWindow.path, change, output);
    } else if (bitrate !== undefined) {
      if (bitrate.value === null) command.error('error: --bitrate needs a number too');
      await rooms.setRoomVoice(options, bitrate.path, { bitrate: bitrate.value }, output);
    } else {
      await rooms.listRooms(options, output);
    }
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
