import { homedir, userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import { defaultProfileFolder } from '../engine/profileFolder.js';
import {
  chaosArgument,
  displayNameArgument,
  fingerprintArgument,
  identityNameArgument,
  roomPathArgument,
  secondsArgument,
  secondsOrNoneArgument,
  serverArgument,
} from './argumentParsers.js';
import { jsonOutput, textOutput, type Output } from './output.js';

export const lobby: readonly string[] = ['Lobby'];

/** The option that every command has. */
export interface Json {
  readonly json: boolean;
}

/** Where a command writes: readable text, or one object a line. */
export function outputOf({ json }: Json): Output {
  return json ? jsonOutput : textOutput;
}

/** Adds what every command needs that logs in: server, name, password, identity, profile. */
export function addServerOptions(command: Command): Command {
  return addLoginOptions(
    command.requiredOption(
      '--server <host[:port]>',
      'the server; IPv6 in brackets',
      serverArgument,
    ),
  );
}

/** The same but for the server, which the command knows from elsewhere. */
export function addLoginOptions(command: Command): Command {
  command
    .addOption(
      new Option('--name <name>', 'your name, as others see it')
        .argParser(displayNameArgument)
        .default(userName()),
    )
    .addOption(
      new Option('--password <text>', "the server's password; others may see it on a command line")
        .env('ROOKERY_PASSWORD')
        .default('', 'none'),
    )
    .addOption(
      new Option('--account-password <text>', 'of your account, where you have set one')
        .env('ROOKERY_ACCOUNT_PASSWORD')
        .default('', 'none'),
    )
    .addOption(new Option('--invite <code>', 'an invitation, for the first login'))
    .addOption(
      new Option(
        '--identity <name>',
        'who you are, of `rookery identity list`; a second session at a time needs another',
      ).argParser(identityNameArgument),
    );
  return addProfileOption(command)
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the server')
        .argParser(secondsArgument)
        .default(5),
    )
    .addOption(
      new Option(
        '--accept-fingerprint <hex>',
        'the fingerprint that the server must show; replaces the one remembered',
      ).argParser(fingerprintArgument),
    )
    .option('--json', 'print one object a line, errors too', false);
}

/** Adds where the user's identities and known servers are. */
export function addProfileOption(command: Command): Command {
  return command.option(
    '--profile <dir>',
    'folder of your identities and of known servers',
    defaultProfileFolder({ platform: process.platform, env: process.env, homeFolder: homedir() }),
  );
}

/** Adds how long a command tries to come back when the server is lost. */
export function addReconnectOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--reconnect <seconds>',
      'how long to try to come back when the server is lost; 0: no',
    )
      .argParser(secondsOrNoneArgument)
      .default(60),
  );
}

/** Adds the room that a command is about, the lobby unless given, and its password. */
export function addRoomOption(command: Command): Command {
  command.addOption(
    new Option('--room <path>', 'the room, like Lobby/Games/Chess')
      .argParser(roomPathArgument)
      .default(lobby, lobby.join('/')),
  );
  return addRoomPasswordOption(command);
}

/** Adds the password of the room that a command enters. */
export function addRoomPasswordOption(command: Command): Command {
  return command.addOption(
    new Option('--room-password <text>', 'of the room, where it has one').env(
      'ROOKERY_ROOM_PASSWORD',
    ),
  );
}

/** Adds the room that a command speaks or listens in, and the call in place of it. */
export function addVoicePlaceOptions(command: Command): Command {
  return addRoomOption(command).addOption(
    new Option(
      '--talk <name-or-id>',
      'the call with this person, or of a group talk, in place of a room',
    ).conflicts('room'),
  );
}

/** The bad network that what is said goes through. */
export function chaosOption(): Option {
  return new Option(
    '--chaos <settings>',
    'send as over a bad network: some of loss=PCT,burst=PACKETS,delay=MS,jitter=MS,reorder=PCT,' +
      'duplicate=PCT',
  ).argParser(chaosArgument);
}

/** Of who is logged in on this machine, where it can be a name here. */
export function userName(): string {
  try {
    return displayNameArgument(userInfo().username);
  } catch {
    // A user without an entry in the password file, or with a name that cannot be shown.
    return 'guest';
  }
}
