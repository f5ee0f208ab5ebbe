import type { NoticeLevel } from '@rookery/client/host/noticeNames';
import type { UnreadRoom, Uuid } from '@rookery/schemas/messages';

/** How much is unread of what one wants to be told of, of all places together. */
export interface UnreadTotal {
  readonly messages: number;
  /** Whether somebody meant the own user: a mention, or a talk. */
  readonly isMeant: boolean;
}

/** Pure. @param levelOf of which messages of a place one is told */
export function unreadTotal(
  unread: Iterable<UnreadRoom>,
  isTalk: (placeId: Uuid) => boolean,
  levelOf: (placeId: Uuid) => NoticeLevel,
): UnreadTotal {
  let messages = 0;
  let isMeant = false;
  for (const place of unread) {
    const level = levelOf(place.roomId);
    if (level === 'none') continue;
    const isDirect = isTalk(place.roomId);
    messages += level === 'all' || isDirect ? place.unread : place.mentions;
    if (place.mentions > 0 || (isDirect && place.unread > 0)) isMeant = true;
  }
  return { messages, isMeant };
}
