import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  Kick,
  ModerateUser,
  ModerationCommand,
  MoveUser,
  ReadAudit,
  RemoveFile,
  SetMessageOfTheDay,
} from '@rookery/schemas/messages';
import { normaliseText } from '@rookery/schemas/names';
import { fieldLimits } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { refusal, type Refusal } from '../state/outcome.js';
import { noSuchFile } from '../uploads/uploadRefusals.js';
import { ban, readBans, unban } from './banCommands.js';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';
import type { CommandTable } from './commandContext.js';
import { done } from './messageCommands.js';
import { noSuchUser, rankRefusal } from './rankRefusal.js';
import { countRefusal } from './readHistory.js';
import { readReports, reportMessage, resolveReport } from './reportCommands.js';

/** What is done about those who disturb others, and the log of it. */
export const moderationCommands: CommandTable<ModerationCommand> = {
  [FrameType.ReadAudit]: readAudit,
  [FrameType.Kick]: kick,
  [FrameType.Ban]: ban,
  [FrameType.Unban]: unban,
  [FrameType.ReadBans]: readBans,
  [FrameType.ModerateUser]: moderateUser,
  [FrameType.MoveUser]: moveUser,
  [FrameType.SetMessageOfTheDay]: setMessageOfTheDay,
  [FrameType.ReportMessage]: reportMessage,
  [FrameType.ReadReports]: readReports,
  [FrameType.ResolveReport]: resolveReport,
  [FrameType.RemoveFile]: removeFile,
};

async function readAudit(
  { audit }: CommandContext,
  { beforeId, count }: ReadAudit,
): Promise<CommandResult> {
  const refused = countRefusal(count);
  if (refused !== null) return refused;
  const page = await audit.page(beforeId, count);
  return { refused: false, answer: { type: FrameType.AuditPage, ...page } };
}

function kick(context: CommandContext, { userId, reason }: Kick): CommandResult {
  const { session, state, audit, moderation } = context;
  const refused = rankRefusal(context, userId);
  if (refused !== null) return refused;
  const [token] = state.sessionsOf(userId);
  if (token === undefined) return notHere();
  const roomId = state.session(token)?.roomId ?? null;
  audit.note({ action: 'kick', actorId: session.userId, targetId: userId, roomId, detail: reason });
  moderation.kick(userId, reason);
  return done;
}

async function moderateUser(
  context: CommandContext,
  command: ModerateUser,
): Promise<CommandResult> {
  const { session, state, store, audit, moderation } = context;
  const { userId, reason, muted, deafened, suppressed, prioritySpeaker } = command;
  const isAboutOthers = muted !== null || deafened !== null || suppressed !== null;
  const isOwnPriority = userId === session.userId && !isAboutOthers;
  const refused = isOwnPriority ? null : rankRefusal(context, userId);
  if (refused !== null) return refused;
  if (store.users.find(userId) === null) return noSuchUser();
  const [token] = state.sessionsOf(userId);
  const roomId = token === undefined ? null : (state.session(token)?.roomId ?? null);
  if ((suppressed === true || prioritySpeaker === true) && roomId === null) {
    return refusal(ErrorCode.NotInRoom, 'The user is in no room, and this is about a room.');
  }
  const words = [
    wordOf(muted, 'muted'),
    wordOf(deafened, 'deafened'),
    wordOf(suppressed, 'suppressed'),
    wordOf(prioritySpeaker, 'priority speaker'),
  ].filter((word) => word !== '');
  const detail = [words.join(', '), reason].filter((part) => part !== '').join(': ');
  const actorId = session.userId;
  // Together with what becomes durable of it.
  audit.note({ action: 'moderate', actorId, targetId: userId, roomId, detail });
  await moderation.moderate(userId, command);
  return done;
}

function moveUser(context: CommandContext, { userId, roomId, reason }: MoveUser): CommandResult {
  const { session, state, audit } = context;
  const refused = rankRefusal(context, userId);
  // Whoever may move others may move themselves.
  if (refused !== null && userId !== session.userId) return refused;
  const [token] = state.sessionsOf(userId);
  if (token === undefined) return notHere();
  const outcome = state.joinRoom(token, roomId);
  if (outcome.refused) return outcome;
  const actorId = session.userId;
  audit.note({ action: 'moveUser', actorId, targetId: userId, roomId, detail: reason });
  return finish(context, outcome);
}

async function setMessageOfTheDay(
  { session, audit, moderation }: CommandContext,
  command: SetMessageOfTheDay,
): Promise<CommandResult> {
  const text = textOf(command.text);
  if (typeof text !== 'string') return text;
  audit.note({ action: 'setMessageOfTheDay', actorId: session.userId, detail: text });
  await moderation.setMessageOfTheDay(text);
  return done;
}

/** Whoever uploads it again is told no more than others: it is another file. */
async function removeFile(
  context: CommandContext,
  { roomId, uploadId, reason }: RemoveFile,
): Promise<CommandResult> {
  const { session, files, audit } = context;
  const upload = files.inPlace(roomId, uploadId);
  if (upload === null) return noSuchFile;
  const { userId: targetId, name } = upload;
  const refused = targetId === session.userId ? null : rankRefusal(context, targetId);
  if (refused !== null) return refused;
  const about = `${name}, file ${uploadId}`;
  const detail = reason === '' ? about : `${about}: ${reason}`;
  const isRemoved = await files.sweeping.remove(uploadId, () => {
    audit.note({ action: 'removeFile', actorId: session.userId, targetId, roomId, detail });
  });
  return isRemoved ? done : noSuchFile;
}

/** Where a command is about somebody who has to be there. */
function notHere(): Refusal {
  return refusal(ErrorCode.NoSuchUser, 'The user is not here at this moment.');
}

function wordOf(value: boolean | null, word: string): string {
  if (value === null) return '';
  return value ? word : `not ${word}`;
}

function textOf(text: string): string | Refusal {
  try {
    return normaliseText(text, 'text', fieldLimits.messageOfTheDayBytesMax);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `${error.message}.`);
  }
}
