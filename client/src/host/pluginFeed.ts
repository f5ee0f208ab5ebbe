import type { PluginEvent } from '@rookery/plugins/abi';
import type { SessionInfo, TextMessage } from '@rookery/schemas/messages';
import type { State } from '../engine/engineState.js';
import { ViewGlance, type View } from '../engine/view.js';

/** What of the State plugins are told about. */
export type FeedState = Pick<State, 'connection' | 'view' | 'messages' | 'audio'>;

/**
 * Turns changes of the State into events for plugins: who comes, goes and talks, and what is
 * written. What was there when one came tells nothing. One thread.
 */
export class PluginFeed {
  private readonly glance = new ViewGlance();
  private people: ReadonlyMap<number, SessionInfo> | null = null;
  private talking: ReadonlySet<number> = new Set();
  private newest: TextMessage | undefined;

  /** @returns what happened since the last call, in no order of time */
  follow(state: FeedState): readonly PluginEvent[] {
    if (state.connection.phase !== 'connected') {
      this.people = null;
      this.talking = new Set();
      this.newest = state.messages.at(-1);
      return [];
    }
    const { view } = state;
    return [...this.moves(view), ...this.talks(state), ...this.writings(state)];
  }

  private moves(view: View): readonly PluginEvent[] {
    if (!this.glance.hasChanged(view) && this.people !== null) return [];
    const before = this.people;
    const now = new Map(view.sessions);
    this.people = now;
    if (before === null) return [];
    const events: PluginEvent[] = [];
    for (const [token, person] of now) {
      const was = before.get(token);
      if (was === undefined) events.push(eventOf('join', person, view));
      else if (was.roomId !== person.roomId) events.push(eventOf('roomChange', person, view));
    }
    for (const [token, person] of before) {
      if (!now.has(token)) events.push(eventOf('leave', person, view));
    }
    return events;
  }

  private talks({ audio, view }: FeedState): readonly PluginEvent[] {
    const before = this.talking;
    const now = new Set<number>();
    for (const [token, { isTalking }] of audio.speakers) if (isTalking) now.add(token);
    this.talking = now;
    const eventsOf = (type: 'talkStart' | 'talkStop', tokens: Iterable<number>): PluginEvent[] =>
      [...tokens].flatMap((token) => {
        const person = view.sessions.get(token);
        return person === undefined ? [] : [eventOf(type, person, view)];
      });
    const begun = [...now].filter((token) => !before.has(token));
    const ended = [...before].filter((token) => !now.has(token));
    return [...eventsOf('talkStart', begun), ...eventsOf('talkStop', ended)];
  }

  /** Each message is one change of the State, so none is missed by looking at the last. */
  private writings({ messages, view }: FeedState): readonly PluginEvent[] {
    const newest = messages.at(-1);
    if (newest === this.newest || newest === undefined) return [];
    this.newest = newest;
    const { messageId, roomId, userId, displayName: userName, text } = newest;
    // What is written to somebody alone is no room's, and nobody allowed that.
    const roomName = view.rooms.get(roomId)?.name;
    if (roomName === undefined) return [];
    const isBot = [...view.sessions.values()].some((one) => one.userId === userId && one.isBot);
    return [{ type: 'message', messageId, roomId, roomName, userId, userName, isBot, text }];
  }
}

function eventOf(type: PluginEvent['type'], person: SessionInfo, view: View): PluginEvent {
  const { userId, displayName: userName, isBot, roomId } = person;
  const roomName = roomId === null ? '' : (view.rooms.get(roomId)?.name ?? '');
  return { type, userId, userName, isBot, roomId, roomName };
}
