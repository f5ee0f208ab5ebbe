import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { Uuid } from '@rookery/schemas/messages';
import { normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { refusal, type Refusal } from '../state/outcome.js';
import type { StoredTalk } from '../store/talkRecord.js';

/**
 * What a command would make of a talk, or why it is refused. Rules alone, which look at one talk
 * and change nothing. Pure.
 */

/** @param asked the name as somebody typed it */
export function planGroup(
  made: Pick<StoredTalk, 'talkId' | 'createdAtMs'>,
  asked: string,
  userIds: readonly Uuid[],
  usersMax: number,
): StoredTalk | Refusal {
  const name = checkName(asked);
  if (typeof name !== 'string') return name;
  const all = [...new Set(userIds)];
  if (all.length > usersMax) return tooMany(usersMax);
  return { ...made, type: RoomType.Group, name, userIds: all };
}

/** What somebody asks to change of a group talk. */
export interface TalkEdit {
  /** null where it stays as it is. */
  readonly name: string | null;
  readonly addedUserIds: readonly Uuid[];
}

/** @returns the same object where that changes nothing */
export function planEdit(
  talk: StoredTalk,
  editorId: Uuid,
  { name: asked, addedUserIds }: TalkEdit,
  usersMax: number,
): StoredTalk | Refusal {
  if (talk.type === RoomType.Direct) {
    const text = 'A talk of two has no name, and nobody can be added. Make a group talk instead.';
    return refusal(ErrorCode.NotPermitted, text);
  }
  if (talk.userIds[0] !== editorId) {
    const text = 'Only who has been in the talk longest may change it. Ask that person.';
    return refusal(ErrorCode.NotPermitted, text);
  }
  const name = asked === null ? talk.name : checkName(asked);
  if (typeof name !== 'string') return name;
  const userIds = [...new Set([...talk.userIds, ...addedUserIds])];
  if (userIds.length > usersMax) return tooMany(usersMax);
  const isSame = name === talk.name && userIds.length === talk.userIds.length;
  return isSame ? talk : { ...talk, name, userIds };
}

/** @param leaverId of somebody who takes part */
export function planLeave(talk: StoredTalk, leaverId: Uuid): StoredTalk | Refusal {
  if (talk.type === RoomType.Direct) {
    return refusal(ErrorCode.NotPermitted, 'A talk of two stays for both. It cannot be left.');
  }
  return { ...talk, userIds: talk.userIds.filter((userId) => userId !== leaverId) };
}

function checkName(text: string): string | Refusal {
  try {
    return normaliseName(text, roomNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `Choose another name: ${error.message}.`);
  }
}

function tooMany(usersMax: number): Refusal {
  const text = `A talk has at most ${usersMax} people. Make a room for more.`;
  return refusal(ErrorCode.LimitReached, text);
}
