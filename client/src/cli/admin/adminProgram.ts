import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { lineLevels } from '@rookery/schemas/adminApi';
import { stressTestLimits } from '@rookery/schemas/stressTest';
import {
  adminTargetArgument,
  displayNameArgument,
  fingerprintArgument,
} from '../argumentParsers.js';
import { rangeOption } from '../botsProgram.js';
import { addProfileOption, outputOf, userName, type Json } from '../commandOptions.js';
import type { FollowOptions } from './followCommand.js';
import type { AdminLoginOptions, AdminOptions } from './loginCommand.js';
import type { LogWish } from './logWish.js';
import type { StressCommandOptions } from './stressCommand.js';

type Options = AdminOptions & Json;
type Add = (usage: string, description: string) => Command;

/** Adds `rookery admin`: a server run from the command line, by its admin interface. */
export function addAdmin(program: Command): void {
  const group = program
    .command('admin')
    .summary('run a server: backups, settings, log, stress test and all that its API offers')
    .description(
      'Runs a server by its admin interface, in the name of an account. `rookery admin login` ' +
        'comes first; what was done is in the audit log of the server.',
    )
    .helpCommand(false);
  const add: Add = (usage, description) =>
    addProfileOption(group.command(usage).description(description))
      .addOption(
        new Option(
          '--server-admin <url>',
          'the admin interface: http://127.0.0.1:4642, or https://HOST:4643 from elsewhere; ' +
            'without it where you logged in last, or else that of this machine',
        )
          .env('ROOKERY_SERVER_ADMIN')
          .argParser(adminTargetArgument),
      )
      .option('--json', 'print one object a line, errors too', false);
  addSession(add);
  addAsking(add);
  addCare(add);
  addFollowing(add);
  addStressTest(add);
}

const loadLogin = () => import('./loginCommand.js');
const load = () => import('./adminCommand.js');
const loadFollow = () => import('./followCommand.js');

function addSession(add: Add): void {
  add('login', 'Logs in with an account; the password is asked for, or ROOKERY_ACCOUNT_PASSWORD.')
    .addOption(
      new Option('--name <name>', 'of your account')
        .argParser(displayNameArgument)
        .default(userName()),
    )
    .addOption(
      new Option(
        '--owner-token <token>',
        'the first time: makes the account, which owns the server then',
      ).env('ROOKERY_OWNER_TOKEN'),
    )
    .addOption(
      new Option(
        '--fingerprint <hex>',
        'the fingerprint that the server must show; else one that the profile knows',
      ).argParser(fingerprintArgument),
    )
    .action(async (options: AdminLoginOptions & Json) => {
      await (await loadLogin()).logIn(options, outputOf(options));
    });
  add('logout', 'Ends the session.').action(async (options: Options) => {
    await (await loadLogin()).logOut(options, outputOf(options));
  });
}

function addAsking(add: Add): void {
  add('get', 'Prints what a route of the API answers, like /server, /sessions or /audit?count=9.')
    .argument('<path>', 'see /openapi.json', pathArgument)
    .action(async (path: string, options: Options) => {
      await (await load()).getPath(options, path, outputOf(options));
    });
  const settings = add('settings', 'Prints the configuration, or one key, or changes it.');
  settings
    .argument('[key]', 'the only one; without it all')
    .argument('[value]', 'what it is to be')
    .option('--unset', 'take the key out of the file', false)
    .action(
      async (
        key: string | undefined,
        value: string | undefined,
        options: Options & { readonly unset: boolean },
      ) => {
        if (options.unset && (key === undefined || value !== undefined)) {
          settings.error('error: --unset goes with a key, and no value');
        }
        const { changeSetting, showSettings } = await import('./settingsCommand.js');
        const output = outputOf(options);
        if (key !== undefined && (options.unset || value !== undefined)) {
          await changeSetting(options, key, value ?? null, output);
        } else await showSettings(options, key ?? null, output);
      },
    );
}

function addCare(add: Add): void {
  add('backup', 'Makes a backup beside the running server, and waits for it.')
    .addOption(new Option('--name <name>', 'its folder; else the time').conflicts('list'))
    .option('--list', 'print those that there are', false)
    .action(async (options: Options & { readonly list: boolean; readonly name?: string }) => {
      const { backUp, listBackups } = await load();
      await (options.list ? listBackups : backUp)(options, outputOf(options));
    });
  add('drain', 'Turns newcomers away, or lets them in again; who is here stays.')
    .addArgument(new Argument('<state>', 'whether they are').choices(['on', 'off']))
    .action(async (state: 'on' | 'off', options: Options) => {
      await (await load()).drain(options, state, outputOf(options));
    });
  add('certificate', 'Tells which certificate the server shows, and what ACME does for it.')
    .option('--renew', 'get another one by ACME now, and wait for it', false)
    .action(async (options: Options & { readonly renew: boolean }) => {
      const { renewCertificate, showCertificate } = await import('./certificateCommand.js');
      await (options.renew ? renewCertificate : showCertificate)(options, outputOf(options));
    });
  add('shutdown', 'Says goodbye to everybody and stops the server.').action(
    async (options: Options) => {
      await (await load()).shutDown(options, outputOf(options));
    },
  );
  add('broadcast', 'Writes into every room that somebody is in.')
    .argument('<text>', 'what to write')
    .action(async (text: string, options: Options) => {
      await (await load()).broadcast(options, text, outputOf(options));
    });
}

function addFollowing(add: Add): void {
  add('logs', "Prints the newest lines of the server's log.")
    .option('--follow', 'also those that come, until Ctrl-C', false)
    .addOption(
      new Option('--level <level>', 'this and what matters more')
        .choices(lineLevels)
        .default('trace', 'all that is written'),
    )
    .option('--part <name>', 'of one part: relay, session, store, uploads or admin')
    .action(async (options: FollowOptions & LogWish & Json) => {
      await (await loadFollow()).showLogs(options, outputOf(options));
    });
  add('events', 'Prints the figures of the server.')
    .option('--follow', 'every second, and who comes, goes and does what, until Ctrl-C', false)
    .action(async (options: FollowOptions & Json) => {
      await (await loadFollow()).showEvents(options, outputOf(options));
    });
}

function addStressTest(add: Add): void {
  const { count, speakers, rooms, seconds, ramp } = stressTestLimits;
  const command = add('stress-test', 'Tells how the test with bots stands, or begins one.');
  command
    .addOption(rangeOption('--count <n>', 'begin one with so many bots', count))
    .addOption(rangeOption('--speakers <n>', 'how many of them speak', speakers))
    .addOption(rangeOption('--rooms <n>', 'temporary rooms that they share', rooms))
    .addOption(rangeOption('--seconds <n>', 'how long they speak', seconds))
    .addOption(rangeOption('--ramp <n/s>', 'logins a second', ramp))
    .option('--follow', 'until its end, every second', false)
    .addOption(
      new Option('--stop', 'end it: all bots leave').default(false).conflicts(['count', 'follow']),
    )
    .action(async (options: StressCommandOptions & Json & { readonly stop: boolean }) => {
      const isShaped = [options.speakers, options.rooms, options.seconds, options.ramp].some(
        (given) => given !== undefined,
      );
      if (isShaped && options.count === undefined) {
        command.error('error: say how many bots are to come: --count <n>');
      }
      const { stopStressTest, stressTest } = await import('./stressCommand.js');
      await (options.stop ? stopStressTest : stressTest)(options, outputOf(options));
    });
}

/** Characters that stand in a path of HTTP as they are. */
function pathArgument(text: string): string {
  if (/^\/[!-~]*$/.test(text)) return text;
  throw new InvalidArgumentError('A path begins with / and has no spaces, like /sessions.');
}
