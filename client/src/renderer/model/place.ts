import { talkName } from '@rookery/client/engine/talkName';
import type { RoomInfo, TalkInfo, Uuid } from '@rookery/schemas/messages';

/** Where people write: a room of the tree, or a talk outside of it. */
export interface Place {
  /** Of the room or the talk: commands about text take either. */
  readonly placeId: Uuid;
  readonly name: string;
  readonly description?: string;
  readonly kind: 'room' | 'talk';
}

/** A room as a place to write in. */
export function placeOfRoom({ roomId, name, description }: RoomInfo): Place {
  return { placeId: roomId, name, description, kind: 'room' };
}

/**
 * A talk as a place to write in.
 *
 * @param ownUserId who is not named: a talk without a name is called by the others in it
 */
export function placeOfTalk(talk: TalkInfo, ownUserId: Uuid | null): Place {
  return { placeId: talk.talkId, name: talkName(talk, ownUserId), kind: 'talk' };
}
