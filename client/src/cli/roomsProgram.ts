import { Option, type Command } from 'commander';
import {
  bitrateArgument,
  bundleWindowArgument,
  capArgument,
  innerRoomPathArgument,
  renameArgument,
  type RenameRequest,
  type RoomSetting,
} from './argumentParsers.js';
import { addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { SessionOptions } from './session.js';

type RoomsOptions = SessionOptions &
  Json & {
    readonly create?: readonly string[];
    readonly delete?: readonly string[];
    readonly rename?: RenameRequest;
    readonly cap?: RoomSetting;
    readonly bundleWindow?: RoomSetting;
    readonly bitrate?: RoomSetting;
  };

/** `rookery rooms`: shows the tree of rooms, and changes one. */
export function addRooms(program: Command): void {
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
