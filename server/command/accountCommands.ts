import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  AccountCommand,
  DenyRequest,
  MakeInvite,
  RedeemCode,
  RegisterUser,
  SetAccountPassword,
  SetName,
  SetRegistration,
  WithdrawInvite,
} from '@rookery/schemas/messages';
import { displayNameLimits, normaliseName } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { isAtLeast } from '@rookery/schemas/roles';
import { refusal, type Refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult, CommandTable, Done } from './commandContext.js';

/** What is done about accounts, invitations and names. */
export const accountCommands: CommandTable<AccountCommand> = {
  [FrameType.MakeInvite]: makeInvite,
  [FrameType.ReadInvites]: ({ accounts }) => {
    return {
      refused: false,
      answer: { type: FrameType.InviteList, invites: accounts.invites.list() },
    };
  },
  [FrameType.WithdrawInvite]: withdrawInvite,
  [FrameType.RedeemCode]: redeemCode,
  [FrameType.RegisterUser]: registerUser,
  [FrameType.DenyRequest]: denyRequest,
  [FrameType.ReadRequests]: ({ accounts }) => {
    const requests = accounts.registrar.requests();
    return { refused: false, answer: { type: FrameType.RequestList, requests } };
  },
  [FrameType.SetAccountPassword]: setAccountPassword,
  [FrameType.ReadAccount]: readAccount,
  [FrameType.SetRegistration]: setRegistration,
  [FrameType.SetName]: setName,
};

async function makeInvite(
  { session, access, accounts }: CommandContext,
  command: MakeInvite,
): Promise<CommandResult> {
  const own = access.roleOf(session.userId);
  if (own !== 'owner' && command.role !== 'member' && isAtLeast(command.role, own)) {
    const text = `You are ${own}, so you invite nobody as ${command.role}. Ask an owner.`;
    return refusal(ErrorCode.NotPermitted, text);
  }
  const result = await accounts.invites.make(session.userId, command);
  if ('refused' in result) return result;
  return { refused: false, answer: { type: FrameType.InviteMade, ...result } };
}

async function withdrawInvite(
  { session, accounts }: CommandContext,
  { inviteId }: WithdrawInvite,
): Promise<CommandResult> {
  if (await accounts.invites.withdraw(session.userId, inviteId)) return done;
  const text = 'There is no such invitation, or it cannot be used any more.';
  return refusal(ErrorCode.NoSuchInvite, text);
}

async function redeemCode(
  { session, accounts }: CommandContext,
  { code }: RedeemCode,
): Promise<CommandResult> {
  const outcome = await accounts.codes.redeem(session.userId, code);
  if (outcome !== 'bad') return done;
  const text = 'There is no such invitation or token, or it cannot be used any more.';
  return refusal(ErrorCode.BadCode, text);
}

async function registerUser(
  { session, store, accounts, audit }: CommandContext,
  { userId }: RegisterUser,
): Promise<CommandResult> {
  const { registrar } = accounts;
  const request = registrar.requestOf(userId);
  if (request === null && store.users.find(userId) === null) return noSuchUser();
  if (registrar.isRegistered(userId)) return done;
  const detail = request?.displayName ?? '';
  audit.note({ action: 'approveUser', actorId: session.userId, targetId: userId, detail });
  await registrar.raise(userId, 'member');
  return done;
}

async function denyRequest(
  { session, accounts }: CommandContext,
  { userId }: DenyRequest,
): Promise<CommandResult> {
  if (await accounts.registrar.deny(session.userId, userId)) return done;
  return refusal(ErrorCode.NoSuchRequest, 'Nobody of this id waits.');
}

async function setAccountPassword(
  context: CommandContext,
  command: SetAccountPassword,
): Promise<CommandResult> {
  const { session, accounts } = context;
  const { userId, currentPassword, newPassword } = command;
  if (userId !== null && userId !== session.userId) return resetPassword(context, command);
  return (await accounts.passwords.change(session.userId, currentPassword, newPassword)) ?? done;
}

/** Of somebody else; the sender administers the server. */
async function resetPassword(
  { session, access, store, accounts, audit }: CommandContext,
  { userId, newPassword }: SetAccountPassword,
): Promise<CommandResult> {
  if (userId === null || store.users.find(userId) === null) return noSuchUser();
  if (newPassword !== '') {
    const text = 'The password of somebody else can be removed, not set.';
    return refusal(ErrorCode.InvalidField, text);
  }
  if (!access.mayActOn(session.userId, userId)) {
    const text = 'Somebody of your own role or above has to ask an owner.';
    return refusal(ErrorCode.NotPermitted, text);
  }
  audit.note({ action: 'resetPassword', actorId: session.userId, targetId: userId });
  await accounts.passwords.reset(userId);
  return done;
}

function readAccount({ session, access, accounts }: CommandContext): CommandResult {
  const { userId } = session;
  const { registrar, passwords } = accounts;
  const answer = {
    type: FrameType.AccountInfo,
    role: access.roleOf(userId),
    isRegistered: registrar.isRegistered(userId),
    hasPassword: passwords.hashOf(userId) !== null,
    registration: registrar.registration,
  };
  return { refused: false, answer };
}

async function setRegistration(
  { session, accounts }: CommandContext,
  { registration }: SetRegistration,
): Promise<CommandResult> {
  return (await accounts.registrar.setRegistration(session.userId, registration)) ?? done;
}

async function setName(
  { session, accounts }: CommandContext,
  { name: text }: SetName,
): Promise<CommandResult> {
  const { userId, displayName } = session;
  const name = normalisedName(text);
  if (typeof name !== 'string') return name;
  if (name === displayName) return done;
  const whyNot = accounts.names.whyNot(name, userId);
  if (whyNot !== null) return refusal(ErrorCode.NameTaken, whyNot);
  const waitMs = accounts.namePace.take(userId);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1_000);
    return refusal(ErrorCode.TooFast, `You changed your name often. Try again in ${seconds} s.`);
  }
  await accounts.rename(userId, name, displayName);
  return done;
}

function normalisedName(text: string): string | Refusal {
  try {
    return normaliseName(text, displayNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `Choose another name: ${error.message}.`);
  }
}

function noSuchUser(): Refusal {
  return refusal(ErrorCode.NoSuchUser, 'Nobody of this user id was ever here, or wanted to be.');
}

const done: Done = { refused: false, createdId: null, listId: 0 };
