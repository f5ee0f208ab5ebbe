import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { roomPathArgument, secondsArgument } from './argumentParsers.js';
import type { AudioTestOptions } from './audioTestCommand.js';
import {
  addProfileOption,
  addReconnectOption,
  addRoomPasswordOption,
  addServerOptions,
  chaosOption,
  lobby,
  outputOf,
} from './commandOptions.js';
import type { TalkOptions, VolumeWish } from './talkCommand.js';

/** Adds `rookery talk` and `rookery audio-test`. */
export function addSound(program: Command): void {
  addTalk(program);
  addAudioTest(program);
}

const keysHelp = `
Keys, where this is a terminal (it tells when a key goes down and never when it comes up, so space
switches push to talk on, and off again):
  space  talk, with --ptt           h  hear yourself
  m      mute                       t  play a tone
  d      deafen                     q  quit`;

function addTalk(program: Command): void {
  const command = program
    .command('talk')
    .summary('talk in a room, through your microphone and headphones')
    .description('Talks and listens in a room or call, with meters in the terminal.')
    .addArgument(
      new Argument('[room]', 'the room, like Lobby/Games/Chess')
        .argParser(roomPathArgument)
        .default(lobby, lobby.join('/')),
    )
    .option('--talk <name-or-id>', 'the call with this person, or of a group talk, not a room')
    .addOption(
      new Option(
        '--volume <name=percent>',
        'how loud you hear somebody, 0 to 200; remembered',
      ).argParser(volumeArgument),
    )
    .option('--mute', 'begin muted')
    .option('--record <file.wav>', 'record what is heard; others are shown that you do')
    .option('--per-speaker <dir>', 'with --record, also write one file for each speaker there')
    .option(
      '--dump <dir>',
      'write what the microphone gave, what became of it, and what is heard, to find faults',
    )
    .addOption(chaosOption())
    .addOption(new Option('--seconds <n>', 'end after this time').argParser(secondsArgument))
    .addHelpText('after', keysHelp);
  addRoomPasswordOption(addModeOptions(addDeviceOptions(command)));
  addReconnectOption(addServerOptions(command)).action(
    async (room: readonly string[], options: TalkOptions) => {
      if (options.perSpeaker !== undefined && options.record === undefined) {
        command.error('error: --per-speaker goes with --record <file.wav>');
      }
      const { talk } = await import('./talkCommand.js');
      await talk({ ...options, room }, outputOf(options));
    },
  );
}

function addAudioTest(program: Command): void {
  const command = program
    .command('audio-test')
    .summary('try microphone and headphones, without a server')
    .description(
      'Lists the sound devices, plays a tone, shows how loud you are and lets you hear yourself; ' +
        'then says what is wrong, and what to do.',
    )
    .addOption(new Option('--seconds <n>', 'how long').argParser(secondsArgument).default(10))
    .addHelpText('after', keysHelp);
  addProfileOption(addDeviceOptions(command))
    .option('--json', 'print one object a line, errors too', false)
    .action(async (options: AudioTestOptions) => {
      const { testAudio } = await import('./audioTestCommand.js');
      await testAudio(options, outputOf(options));
    });
}

function addDeviceOptions(command: Command): Command {
  return command
    .option('--input <device>', 'the microphone, by name, a part of it, or id; remembered')
    .option('--output <device>', 'where to play, likewise; remembered')
    .addOption(
      new Option('--input-file <wav>', 'what the microphone hears instead').conflicts('input'),
    )
    .addOption(new Option('--output-file <wav>', 'gets what would be played').conflicts('output'));
}

function addModeOptions(command: Command): Command {
  return command
    .addOption(new Option('--ptt', 'push to talk; remembered').conflicts(['vad', 'continuous']))
    .addOption(
      new Option(
        '--vad',
        'speech opens the microphone (as a new profile has it); remembered',
      ).conflicts('continuous'),
    )
    .option('--continuous', 'send all the time; remembered');
}

/** Takes the values of a repeated `--volume` one after the other. */
function volumeArgument(text: string, before: readonly VolumeWish[] = []): readonly VolumeWish[] {
  const [, nameOrId, digits] = /^(.+)=(\d{1,3})%?$/.exec(text) ?? [];
  const percent = Number(digits);
  if (nameOrId === undefined || !(percent <= 200)) {
    throw new InvalidArgumentError('Give a name and per cent from 0 to 200, like Wren=150.');
  }
  return [...before, { nameOrId, percent }];
}
