import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { Publisher } from '../broadcast/publisher.js';
import type { PluginFeed } from '../plugins/pluginFeed.js';
import type { Session } from '../session/connection.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal } from '../state/outcome.js';
import type { TextPlace, TextPlaceKind } from './textPlaces.js';

/**
 * The rooms of the tree: those read and write there who are in a room, or subscribed to it, as far
 * as they are permitted to.
 */
export class RoomPlaces implements TextPlaceKind {
  readonly #state: CommunityState;
  readonly #publisher: Publisher;
  readonly #access: Pick<AccessDesk, 'refusalOf'>;
  readonly #feed: Pick<PluginFeed, 'noteSent'>;

  /** @param feed told of all that is sent */
  constructor(
    state: CommunityState,
    publisher: Publisher,
    access: Pick<AccessDesk, 'refusalOf'>,
    feed: Pick<PluginFeed, 'noteSent'>,
  ) {
    this.#state = state;
    this.#publisher = publisher;
    this.#access = access;
    this.#feed = feed;
  }

  find(id: Uuid, session: Session): TextPlace | null {
    if (this.#state.room(id) === null) return null;
    const publisher = this.#publisher;
    // Who runs the server from outside is in no room.
    const isReader = session.token < 0 || publisher.isReader(session.token, id);
    const forbidden = this.#access.refusalOf(session.token, 'text', id);
    const outside = forbidden ?? (isReader ? null : notReading);
    return {
      id,
      readRefusal: outside,
      writeRefusal: outside,
      // Too many, and strangers to each other.
      showsMarks: false,
      readers: () => publisher.readersOf(id),
      send: (message) => {
        publisher.sendToReaders(id, message);
        this.#feed.noteSent(message);
      },
    };
  }
}

const notReading = refusal(
  ErrorCode.NotInRoom,
  'Join the room, or subscribe to it, before you read or write in it.',
);
