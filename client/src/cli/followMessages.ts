import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import type { Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';

/** What is read of the engine. */
export interface FollowedEngine {
  readonly state: Pick<State, 'connection' | 'messages' | 'texts'>;
  readonly subscribe: (
    listener: (state: FollowedEngine['state']) => void,
  ) => ReturnType<Engine['subscribe']>;
}

/** More than a window holds: what was missed is looked for there. */
const printedMax = 1_024;

/**
 * Prints each message once: as it comes, and after the connection was lost what came meanwhile.
 *
 * @param isShown whether messages of a place are to be printed
 */
export function followMessages(
  engine: FollowedEngine,
  isShown: (placeId: Uuid) => boolean,
  print: (message: TextMessage) => void,
): void {
  /** The latest ones, so that none comes twice. */
  const printed = new Set<Uuid>();
  /** Of each place the last message from before the connection was lost. */
  const lastBefore = new Map<Uuid, Uuid>();
  let before = engine.state;
  const printOnce = (message: TextMessage): void => {
    if (printed.has(message.messageId) || !isShown(message.roomId)) return;
    printed.add(message.messageId);
    for (const oldest of printed) {
      if (printed.size <= printedMax) break;
      printed.delete(oldest);
    }
    print(message);
  };
  engine.subscribe((state) => {
    if (isConnected(before) && !isConnected(state)) noteLast(before, lastBefore);
    for (const message of missed(state, lastBefore)) printOnce(message);
    // Each message is one change of the State, so none is missed by looking at the last.
    const newest = state.messages.at(-1);
    if (newest !== undefined && newest !== before.messages.at(-1)) printOnce(newest);
    before = state;
  });
}

function isConnected({ connection }: FollowedEngine['state']): boolean {
  return connection.phase === 'connected';
}

function noteLast({ texts }: FollowedEngine['state'], lastBefore: Map<Uuid, Uuid>): void {
  for (const [placeId, { messages }] of texts) {
    const last = messages.at(-1);
    if (last !== undefined) lastBefore.set(placeId, last.messageId);
  }
}

/** Ids of messages sort by time. */
function missed(
  { texts }: FollowedEngine['state'],
  lastBefore: ReadonlyMap<Uuid, Uuid>,
): TextMessage[] {
  return Array.from(lastBefore).flatMap(([placeId, last]) =>
    (texts.get(placeId)?.messages ?? []).filter(
      ({ messageId, deleted }) => messageId > last && !deleted,
    ),
  );
}
