import { FrameType } from '@rookery/schemas/frameType';
import type {
  CreateTalk,
  EditTalk,
  FindUsers,
  LeaveTalk,
  OpenTalk,
  TalkCommand,
} from '@rookery/schemas/messages';
import type { TalkOutcome } from '../talks/talkBook.js';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';

/** What is done about talks, and finding somebody to talk to. */
export const talkCommands: CommandTable<TalkCommand> = {
  [FrameType.OpenTalk]: openTalk,
  [FrameType.CreateTalk]: createTalk,
  [FrameType.EditTalk]: editTalk,
  [FrameType.LeaveTalk]: leaveTalk,
  [FrameType.FindUsers]: findUsers,
};

async function openTalk(
  { session, talks }: CommandContext,
  { userId }: OpenTalk,
): Promise<CommandResult> {
  return made(await talks.openDirect(session, userId));
}

async function createTalk(
  { session, talks }: CommandContext,
  { name, userIds }: CreateTalk,
): Promise<CommandResult> {
  return made(await talks.createGroup(session, name, userIds));
}

async function editTalk(
  { session, talks }: CommandContext,
  command: EditTalk,
): Promise<CommandResult> {
  return changed(await talks.edit(session, command.talkId, command));
}

async function leaveTalk(
  { session, talks }: CommandContext,
  { talkId }: LeaveTalk,
): Promise<CommandResult> {
  return changed(await talks.leave(session, talkId));
}

async function findUsers({ talks }: CommandContext, { name }: FindUsers): Promise<CommandResult> {
  const users = await talks.usersNamed(name);
  return { refused: false, answer: { type: FrameType.UsersFound, users } };
}

function made(outcome: TalkOutcome): CommandResult {
  if ('refused' in outcome) return outcome;
  return { refused: false, createdId: outcome.talkId, listId: 0 };
}

function changed(outcome: TalkOutcome): CommandResult {
  return 'refused' in outcome ? outcome : { refused: false, createdId: null, listId: 0 };
}
