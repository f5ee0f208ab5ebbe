import type { TextMessage } from '@rookery/schemas/messages';

/** A line of the chat: a day that begins, or a message. */
export type ChatRow =
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: TextMessage;
      /** It shows who wrote it; else it goes on with the one above. */
      readonly isFirst: boolean;
    };

/** Messages of one author that are closer together stand under one name. */
const groupMs = 5 * 60_000;

/** @param messages oldest first */
export function chatRows(messages: readonly TextMessage[]): ChatRow[] {
  const rows: ChatRow[] = [];
  let before: TextMessage | null = null;
  for (const message of messages) {
    const isNewDay = before === null || dayOf(before.sentAtMs) !== dayOf(message.sentAtMs);
    if (isNewDay) {
      rows.push({ kind: 'day', key: `day ${message.messageId}`, atMs: message.sentAtMs });
    }
    const goesOn =
      !isNewDay &&
      before?.userId === message.userId &&
      message.sentAtMs - before.sentAtMs < groupMs &&
      message.replyToId === null;
    rows.push({ kind: 'message', key: message.messageId, message, isFirst: !goesOn });
    before = message;
  }
  return rows;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toDateString();
}
