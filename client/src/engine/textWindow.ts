import { FrameType } from '@rookery/schemas/frameType';
import type {
  HistoryPage,
  Reaction,
  ReactionChanged,
  TextMessage,
  TextNews,
  Uuid,
} from '@rookery/schemas/messages';

/** What a client has of the messages of one room or talk: neighbours, without gaps. */
export interface TextWindow {
  /** Oldest first. Those that were deleted are there without what was in them. */
  readonly messages: readonly TextMessage[];
  /** Whether there are others before and after. Where none are after, new ones are appended. */
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
  /** Grows whenever other messages may be pinned there than before: then they are to be read. */
  readonly pinChanges: number;
}

/** How a page stands to the window: beyond an end of it, or in its place. */
export type PageSide = 'earlier' | 'later' | 'instead';

/** More than anybody has on a screen; what goes out of it comes from the server again. */
const messagesMax = 256;

/** @returns the window with a page; at its other end it loses what is too much */
export function withPage(
  window: TextWindow | null,
  { messages, hasEarlier, hasLater }: HistoryPage,
  side: PageSide,
): TextWindow {
  const pinChanges = window?.pinChanges ?? 0;
  if (window === null || side === 'instead') return { messages, hasEarlier, hasLater, pinChanges };
  if (side === 'earlier') {
    const all = merged(messages, window.messages);
    const isCut = all.length > messagesMax;
    return {
      messages: all.slice(0, messagesMax),
      hasEarlier,
      hasLater: window.hasLater || isCut,
      pinChanges,
    };
  }
  const all = merged(window.messages, messages);
  const isCut = all.length > messagesMax;
  const isEarlierLeft = window.hasEarlier || isCut;
  return { messages: all.slice(-messagesMax), hasEarlier: isEarlierLeft, hasLater, pinChanges };
}

/**
 * @param ownId the user whose reactions are `mine`
 * @returns the window with what was told of its room; the same one where nothing of it shows.
 *   Telling it something twice does no harm.
 */
export function withNews(window: TextWindow, news: TextNews, ownId: Uuid): TextWindow {
  switch (news.type) {
    case FrameType.RoomMessage: {
      const last = window.messages.at(-1);
      const isNewest = last === undefined || news.messageId > last.messageId;
      if (window.hasLater || !isNewest) return window;
      const isCut = window.messages.length >= messagesMax;
      const messages = [...window.messages.slice(1 - messagesMax), news];
      return { ...window, messages, hasEarlier: window.hasEarlier || isCut };
    }
    case FrameType.MessageEdited: {
      const { text, mentionedIds, editedAtMs } = news;
      return changed(window, news.messageId, (message) =>
        message.deleted || (message.editedAtMs ?? 0) > editedAtMs
          ? message
          : { ...message, text, mentionedIds, editedAtMs },
      );
    }
    case FrameType.MessageDeleted: {
      const nothing = { text: '', mentionedIds: [], attachmentIds: [], reactions: [] };
      return changed(window, news.messageId, (message) => ({
        ...message,
        ...nothing,
        deleted: true,
      }));
    }
    case FrameType.ReactionChanged:
      return changed(window, news.messageId, (message) =>
        message.deleted
          ? message
          : { ...message, reactions: withReaction(message.reactions, news, ownId) },
      );
    case FrameType.PinsChanged:
      return { ...window, pinChanges: window.pinChanges + 1 };
  }
}

function changed(
  window: TextWindow,
  messageId: Uuid,
  change: (message: TextMessage) => TextMessage,
): TextWindow {
  const index = window.messages.findIndex((message) => message.messageId === messageId);
  const message = window.messages[index];
  if (message === undefined) return window;
  return { ...window, messages: window.messages.with(index, change(message)) };
}

function withReaction(
  reactions: readonly Reaction[],
  { emoji, count, userId, added }: ReactionChanged,
  ownId: Uuid,
): readonly Reaction[] {
  const index = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const mine = userId === ownId ? added : (reactions[index]?.mine ?? false);
  if (count === 0) return reactions.filter((reaction) => reaction.emoji !== emoji);
  const reaction = { emoji, count, mine };
  return index === -1 ? [...reactions, reaction] : reactions.with(index, reaction);
}

/** Neighbours, one after another; what both have is taken from the page, which is newer. */
function merged(first: readonly TextMessage[], then: readonly TextMessage[]): TextMessage[] {
  const byId = new Map([...first, ...then].map((message) => [message.messageId, message]));
  return [...byId.values()].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
}
