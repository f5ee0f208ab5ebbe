import type { FrameType } from './frameType.js';
import type { RoomType } from './generated/rookery/room-type.js';
import type { Uuid } from './uuid.js';

/** Messages of talks, part of messages.ts; what each field means stands in control/talks.fbs. */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

export interface OpenTalk extends Of<T['OpenTalk']> {
  readonly userId: Uuid;
}
export interface CreateTalk extends Of<T['CreateTalk']> {
  readonly name: string;
  readonly userIds: readonly Uuid[];
}
export interface EditTalk extends Of<T['EditTalk']> {
  readonly talkId: Uuid;
  /** null where it stays as it is. */
  readonly name: string | null;
  readonly addedUserIds: readonly Uuid[];
}
export interface LeaveTalk extends Of<T['LeaveTalk']> {
  readonly talkId: Uuid;
}
export interface FindUsers extends Of<T['FindUsers']> {
  readonly name: string;
}

export interface FoundUser {
  readonly userId: Uuid;
  readonly displayName: string;
  readonly online: boolean;
  /** Milliseconds since 1970. */
  readonly lastSeenMs: number;
}
export interface UsersFound extends Of<T['UsersFound']> {
  readonly users: readonly FoundUser[];
}

export interface Participant {
  readonly userId: Uuid;
  readonly displayName: string;
}
export interface TalkInfo {
  readonly talkId: Uuid;
  readonly type: typeof RoomType.Direct | typeof RoomType.Group;
  /** Empty for a direct talk. */
  readonly name: string;
  /** The first one may change a group talk. */
  readonly participants: readonly Participant[];
}
export interface TalkList extends Of<T['TalkList']> {
  readonly talks: readonly TalkInfo[];
}
export interface TalkPut extends Of<T['TalkPut']> {
  readonly talk: TalkInfo;
}
export interface TalkRemoved extends Of<T['TalkRemoved']> {
  readonly talkId: Uuid;
}

export type TalkCommand = OpenTalk | CreateTalk | EditTalk | LeaveTalk | FindUsers;
/** What the talks of a client follow from. */
export type TalkMessage = TalkList | TalkPut | TalkRemoved;
