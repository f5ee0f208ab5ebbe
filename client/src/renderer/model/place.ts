import type { RoomInfo, Uuid } from '@rookery/schemas/messages';

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
