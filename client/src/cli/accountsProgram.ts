import { InvalidArgumentError, Option, type Command } from 'commander';
import type { InvitedRole } from '@rookery/schemas/messages';
import type { RegistrationMode } from './accountsCommand.js';
import { inviteLinkArgument, longNumberArgument } from './argumentParsers.js';
import { addLoginOptions, addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { InviteLink } from '../engine/inviteLink.js';
import type { SessionOptions } from './session.js';

type AccountOptions = SessionOptions & Json;

const invitedRoles: readonly InvitedRole[] = ['member', 'moderator', 'admin'];
const modes: readonly RegistrationMode[] = ['open', 'password', 'invitation', 'approval'];

/** Adds `invite`, `join`, `register`, `owner` and `account`. */
export function addAccounts(program: Command): void {
  addInvite(program);
  addJoin(program);
  addRegister(program);
  addOwner(program);
  addAccount(program);
}

function addInvite(program: Command): void {
  type InviteOptions = AccountOptions & {
    readonly uses: number;
    readonly expires: number;
    readonly role: InvitedRole;
    readonly note: string;
    readonly list: boolean;
    readonly withdraw?: string;
  };
  const command = program
    .command('invite')
    .summary('invite people to a server; list or withdraw invitations')
    .description('Makes a link that lets people in and registers them. It is shown this once.')
    .addOption(
      new Option('--uses <n>', 'how many may use it; 0: no limit')
        .argParser(longNumberArgument)
        .default(1),
    )
    .addOption(
      new Option('--expires <time>', 'how long it is good, like 30m, 12h, 7d; 0: for ever')
        .argParser(durationArgument)
        .default(7 * 86_400, '7d'),
    )
    .addOption(
      new Option('--role <role>', 'what they become').choices(invitedRoles).default('member'),
    )
    .option('--note <text>', 'for those who list invitations', '')
    .option('--list', 'show the invitations that can be used', false)
    .option('--withdraw <id>', 'nobody can use this one any more');
  addServerOptions(command).action(async (options: InviteOptions) => {
    const accounts = await import('./accountsCommand.js');
    const output = outputOf(options);
    const { uses: usesMax, expires: validSeconds, role, note, withdraw } = options;
    if (options.list) await accounts.listInvites(options, output);
    else if (withdraw !== undefined) await accounts.withdrawInvite(options, withdraw, output);
    else await accounts.invite(options, { usesMax, validSeconds, role, note }, output);
  });
}

function addJoin(program: Command): void {
  const command = program
    .command('join')
    .summary('use an invitation')
    .description('Logs in with an invitation, which registers you on its server.')
    .argument('<link>', 'the invitation, as somebody sent it', inviteLinkArgument);
  addLoginOptions(command).action(
    async (link: InviteLink, options: Omit<AccountOptions, 'server'>) => {
      const { joinByInvite } = await import('./accountsCommand.js');
      await joinByInvite(link, options, outputOf(options));
    },
  );
}

function addRegister(program: Command): void {
  const command = program
    .command('register')
    .summary('let in who waits; say how people come in')
    .description('Shows who waits to be let in; makes a guest, or who waits, a member.')
    .argument('[user]', 'name or id of who becomes a member')
    .option('--deny <user>', 'tell somebody who waits no')
    .addOption(new Option('--mode <kind>', 'how others come in from now on').choices(modes));
  addServerOptions(command).action(
    async (
      user: string | undefined,
      options: AccountOptions & { readonly deny?: string; readonly mode?: RegistrationMode },
    ) => {
      const accounts = await import('./accountsCommand.js');
      const output = outputOf(options);
      if (options.mode !== undefined) await accounts.setMode(options, options.mode, output);
      else if (options.deny !== undefined) await accounts.deny(options, options.deny, output);
      else if (user !== undefined) await accounts.register(options, user, output);
      else await accounts.listRequests(options, output);
    },
  );
}

function addOwner(program: Command): void {
  const command = program
    .command('owner')
    .summary("become a server's owner")
    .description('Uses the token that a server without an owner prints when it starts.')
    .argument('<token>', 'the token; `rookery owner-token` makes another one');
  addServerOptions(command).action(async (token: string, options: AccountOptions) => {
    const { becomeOwner } = await import('./accountsCommand.js');
    await becomeOwner(options, token, outputOf(options));
  });
}

function addAccount(program: Command): void {
  type Options = AccountOptions & {
    readonly rename?: string;
    readonly newPassword?: string;
    readonly removePassword: boolean;
    readonly resetPassword?: string;
  };
  const command = program
    .command('account')
    .summary('show or change your account on a server')
    .description(
      'Shows what you are on a server; changes your name or the password beside your key.',
    )
    .option('--rename <name>', 'take another name while you are there')
    .addOption(
      new Option('--new-password <text>', 'ask for it beside your key from now on').env(
        'ROOKERY_NEW_PASSWORD',
      ),
    )
    .option('--remove-password', 'ask for no password any more', false)
    .option('--reset-password <user>', 'remove the password of somebody who has forgotten it');
  addServerOptions(command).action(async (options: Options) => {
    const accounts = await import('./accountsCommand.js');
    const output = outputOf(options);
    const { rename, newPassword, removePassword, resetPassword } = options;
    if (rename !== undefined) await accounts.rename(options, rename, output);
    else if (resetPassword !== undefined) await accounts.reset(options, resetPassword, output);
    else if (removePassword) await accounts.setPassword(options, '', output);
    else if (newPassword !== undefined) await accounts.setPassword(options, newPassword, output);
    else await accounts.showAccount(options, output);
  });
}

/** @returns seconds */
function durationArgument(text: string): number {
  const match = /^(?<count>\d{1,6})(?<unit>[smhd]?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a time like 30m, 12h or 7d; 0: ever.');
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400, '': 1 };
  const unit = (match.groups?.['unit'] ?? '') as keyof typeof seconds;
  return Math.min(Number(match.groups?.['count']) * seconds[unit], 0xffff_ffff);
}
