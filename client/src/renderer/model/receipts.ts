import type { Uuid } from '@rookery/schemas/messages';
import { receiversOf, type TalkMarks } from '@rookery/client/engine/talkMarks';

/** How far an own message came in a talk. */
export interface Receipt {
  readonly kind: 'sent' | 'delivered' | 'read';
  /** How many others it was delivered to, or read by. */
  readonly count: number;
}

/** Of one's newest message in a talk; those before it came as far. */
export function receiptOf(marks: TalkMarks, talkId: Uuid, messageId: Uuid): Receipt {
  const { deliveredTo, readBy } = receiversOf(marks, talkId, messageId);
  if (readBy.length > 0) return { kind: 'read', count: readBy.length };
  if (deliveredTo.length > 0) return { kind: 'delivered', count: deliveredTo.length };
  return { kind: 'sent', count: 0 };
}
