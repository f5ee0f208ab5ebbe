import { beforeEach, expect, it } from 'vitest';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import type { TextMessage } from '@rookery/schemas/messages';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { followMessages, type FollowedEngine } from './followMessages.js';
import { FrameType } from '@rookery/schemas/frameType';

type Shown = FollowedEngine['state'];

const [games, other] = [newUuid(), newUuid()];
const [one, two, three, four] = [1, 2, 3, 4].map((ms) =>
  textMessage({ roomId: games, messageId: newTimeOrderedUuid(ms), text: `${ms}` }),
) as [TextMessage, TextMessage, TextMessage, TextMessage];
const idle: Shown = { connection: { phase: 'idle' }, messages: [], texts: new Map() };

let state: Shown;
let tell: (state: Shown) => void;
let printed: string[];

beforeEach(() => {
  printed = [];
  state = idle;
  const engine: FollowedEngine = {
    get state() {
      return state;
    },
    subscribe: (listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  followMessages(
    engine,
    (placeId) => placeId === games,
    ({ text }) => printed.push(text),
  );
});

function change(next: Partial<Shown>): void {
  state = { ...state, ...next };
  tell(state);
}

const connected = { connection: { phase: 'connected' } } as Pick<Shown, 'connection'>;
const lost = { connection: { phase: 'reconnecting' } } as Pick<Shown, 'connection'>;

function shows(...messages: TextMessage[]): Pick<Shown, 'texts'> {
  return {
    texts: new Map([[games, { messages, hasEarlier: false, hasLater: false, pinChanges: 0 }]]),
  };
}

function live(message: TextMessage): void {
  change({ messages: [...state.messages, { type: FrameType.RoomMessage, ...message }] });
}

it('prints what comes, of the places that are shown, and no history', () => {
  change(connected);
  change(shows(one));
  live(two);
  live(textMessage({ roomId: other, text: 'elsewhere' }));
  change(shows(one, two));
  expect(printed).toEqual(['2']);
});

it('prints what came while the connection was lost, once', () => {
  change({ ...connected, ...shows(one) });
  change(lost);
  change(connected);
  live(four);
  change(shows(one, two, { ...three, deleted: true }, four));
  change(shows(one, two, { ...three, deleted: true }, four));
  expect(printed).toEqual(['4', '2']);
});
