import { Option, type Command } from 'commander';
import type { RoomProperties } from '@rookery/schemas/messages';
import {
  bitrateArgument,
  bundleWindowArgument,
  capArgument,
  descriptionArgument,
  frameArgument,
  innerRoomPathArgument,
  longNumberArgument,
  renameArgument,
  roomPairArgument,
  roomPathArgument,
  shortNumberArgument,
  type RenameRequest,
  type RoomPair,
  type RoomSetting,
} from './argumentParsers.js';
import { addRoomPasswordOption, addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { SessionOptions } from './session.js';

interface Actions {
  readonly create?: readonly string[];
  readonly delete?: readonly string[];
  readonly rename?: RenameRequest;
  readonly move?: RoomPair;
  readonly link?: RoomPair;
  readonly unlink?: RoomPair;
  readonly edit?: readonly string[];
  readonly cap?: RoomSetting;
  readonly bundleWindow?: RoomSetting;
  readonly bitrate?: RoomSetting;
  readonly safetyCode?: readonly string[];
  readonly members?: true;
}

/** What `--edit` changes. */
interface Properties {
  readonly description?: string;
  readonly position?: number;
  readonly limit?: number;
  readonly temporary?: 'yes' | 'no';
  readonly frame?: number;
  readonly fec?: 'on' | 'off';
  readonly keepDays?: number;
  readonly keepMessages?: number;
  readonly private?: 'yes' | 'no';
}

type RoomsOptions = SessionOptions &
  Json &
  Actions &
  Properties & { readonly roomPassword?: string };

/** `rookery rooms`: shows the tree of rooms, and changes one. */
export function addRooms(program: Command): void {
  const command: Command = program
    .command('rooms')
    .summary('show the rooms; create, delete, rename, move or set up one')
    .description('Shows the tree of rooms and how many people are in each.');
  const actions = actionOptions();
  for (const option of actions) {
    const name = option.attributeName();
    option.conflicts(actions.map((other) => other.attributeName()).filter((it) => it !== name));
    command.addOption(option);
  }
  for (const option of propertyOptions()) command.addOption(option);
  addRoomPasswordOption(addServerOptions(command)).action(async (options: RoomsOptions) => {
    const edit = propertiesOf(options);
    // A new room can be told one thing only.
    const ofNew = options.create === undefined ? [] : ['isTemporary'];
    const isEdited = Object.keys(edit).some((property) => !ofNew.includes(property));
    if (isEdited !== (options.edit !== undefined)) {
      command.error('error: --edit <path> goes with what is to change, like --description <text>');
    }
    await act(command, options, edit);
  });
}

/** Only one of them at a time. */
function actionOptions(): Option[] {
  return [
    new Option('--members', 'show who is in each room, too'),
    new Option('--create <path>', 'make a room, like Lobby/Games/Chess').argParser(
      innerRoomPathArgument,
    ),
    new Option('--delete <path>', 'delete a room').argParser(innerRoomPathArgument),
    new Option('--rename <path> <name...>', 'give a room another name').argParser(renameArgument),
    new Option('--move <path> <parent...>', 'put a room below another one').argParser(
      roomPairArgument,
    ),
    new Option('--link <path> <path...>', 'let two rooms hear each other').argParser(
      roomPairArgument,
    ),
    new Option('--unlink <path> <path...>', 'end that again').argParser(roomPairArgument),
    new Option(
      '--safety-code <path>',
      'enter a private room for a moment and show the code that its members compare',
    ).argParser(roomPathArgument),
    new Option('--edit <path>', 'change what the options that follow name').argParser(
      roomPathArgument,
    ),
    new Option('--cap <path> <n...>', 'let only the n loudest be heard; 0 for everybody').argParser(
      capArgument,
    ),
    new Option(
      '--bundle-window <path> <ms...>',
      'how long a frame may wait for others, 0 to 20, or default',
    ).argParser(bundleWindowArgument),
    new Option(
      '--bitrate <path> <kb/s...>',
      'how much sound a speaker may send, 6 to 440, or default',
    ).argParser(bitrateArgument),
  ];
}

function propertyOptions(): Option[] {
  return [
    new Option('--description <text>', 'with --edit: what people are told of it').argParser(
      descriptionArgument,
    ),
    new Option('--position <n>', 'with --edit: its place in the list, the lowest first').argParser(
      shortNumberArgument,
    ),
    new Option('--limit <n>', 'with --edit: so many may be in it; 0 for no limit').argParser(
      shortNumberArgument,
    ),
    new Option(
      '--temporary [yes|no]',
      'with --create or --edit: the room goes when nobody is in it',
    )
      .choices(['yes', 'no'])
      .preset('yes'),
    new Option(
      '--private <yes|no>',
      'with --edit: members make the keys of its voice, the server has none',
    ).choices(['yes', 'no']),
    new Option('--frame <ms>', 'with --edit: length of a frame, 10, 20, 40 or 60').argParser(
      frameArgument,
    ),
    new Option('--fec <on|off>', 'with --edit: frames carry a copy of the one before').choices([
      'on',
      'off',
    ]),
    new Option(
      '--keep-days <n>',
      "with --edit: messages older than this are removed; 0 for the server's own",
    ).argParser(shortNumberArgument),
    new Option(
      '--keep-messages <n>',
      "with --edit: so many are kept, the newest; 0 for the server's own",
    ).argParser(longNumberArgument),
  ];
}

function propertiesOf(options: Properties): Partial<RoomProperties> {
  const { description, position, limit, temporary, frame, fec, keepDays, keepMessages } = options;
  return {
    ...(description !== undefined && { description }),
    ...(position !== undefined && { position }),
    ...(limit !== undefined && { userLimit: limit }),
    ...(temporary !== undefined && { isTemporary: temporary === 'yes' }),
    ...(frame !== undefined && { frameMs: frame }),
    ...(fec !== undefined && { isFecOn: fec === 'on' }),
    ...(keepDays !== undefined && { keepDays }),
    ...(keepMessages !== undefined && { keepMessages }),
    ...(options.private !== undefined && { isPrivate: options.private === 'yes' }),
  };
}

async function act(
  command: Command,
  options: RoomsOptions,
  edit: Partial<RoomProperties>,
): Promise<void> {
  const output = outputOf(options);
  const rooms = await import('./roomsCommand.js');
  const { create, rename, move, cap, bundleWindow, bitrate } = options;
  if (create !== undefined) {
    const lasts = options.temporary === 'yes' ? 'whileInUse' : 'forGood';
    await rooms.createRoom(options, { path: create, lasts }, output);
  } else if (options.delete !== undefined) {
    await rooms.deleteRoom(options, options.delete, output);
  } else if (rename !== undefined) {
    if (rename.name === null) command.error('error: --rename needs a new name too');
    await rooms.renameRoom(options, rename.path, rename.name, output);
  } else if (move !== undefined) {
    if (move.second === null) command.error('error: --move needs the path of the room above too');
    await rooms.moveRoom(options, move.first, move.second, output);
  } else if (options.link !== undefined) {
    const { linkRooms } = await import('./linksCommand.js');
    await linkRooms(options, pairOf(command, '--link', options.link), output);
  } else if (options.unlink !== undefined) {
    const { unlinkRooms } = await import('./linksCommand.js');
    await unlinkRooms(options, pairOf(command, '--unlink', options.unlink), output);
  } else if (options.safetyCode !== undefined) {
    const { showSafetyCode } = await import('./safetyCodeCommand.js');
    await showSafetyCode(options, options.safetyCode, output);
  } else if (options.edit !== undefined) {
    await rooms.editRoom(options, options.edit, edit, output);
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
    await rooms.listRooms(options, output, options.members === true ? 'members' : 'counts');
  }
}

function pairOf(
  command: Command,
  option: string,
  { first, second }: RoomPair,
): readonly [readonly string[], readonly string[]] {
  if (second === null) command.error(`error: ${option} needs the path of another room too`);
  return [first, second];
}
