import type { SessionInfo } from '@rookery/schemas/messages';
import { roomsHeardBy } from '@rookery/schemas/roomLinks';
import { nameInTalk, ownCall } from './calls.js';
import { ownSession, type Calls, type State } from './engineState.js';
import { sessionsInRoom, ViewGlance } from './view.js';
import type { Audience } from './voiceReceiver.js';

/**
 * Voice travels beside the view, not behind it: the last frames of somebody who has left may still
 * be under way.
 */
const removeAfterMs = 1_000;

/** What plays or records those who are heard. */
export interface SpeakerList {
  addSpeaker(token: number, displayName: string): void;
  removeSpeaker(token: number): void;
  setPriority(token: number, hasPriority: boolean): void;
}

/** Keeps a list of speakers the same as the people who are heard, and who whispers. */
export class SpeakerRoster {
  /** By token; a timer where the speaker has left. */
  private readonly speakers = new Map<number, NodeJS.Timeout | null>();
  /** Who has whispered, from wherever; for as long as the session lasts. */
  private readonly whisperers = new Set<number>();
  /** Those of the speakers who go before others. */
  private readonly withPriority = new Set<number>();
  private readonly glance = new ViewGlance();
  private calls: Calls = new Map();

  constructor(private readonly list: SpeakerList) {}

  /** To be called with every State. */
  follow(state: State): void {
    const { view, calls } = state;
    const isOtherCall = calls !== this.calls;
    this.calls = calls;
    if (!this.glance.hasChanged(view) && !isOtherCall) return;
    // Tokens of another session may be the same and mean others, or count from the start again.
    if (state.connection.phase === 'reconnecting') this.removeAll();
    const own = ownSession(state);
    const heard = own === null ? [] : [...roomsHeardBy(view.rooms, own)];
    const present = new Set<number>();
    for (const session of heard.flatMap((id) => sessionsInRoom(view, id))) {
      const { sessionToken, displayName } = session;
      if (sessionToken === own?.sessionToken) continue;
      present.add(sessionToken);
      this.add(sessionToken, displayName);
      this.prioritise(session);
    }
    for (const { sessionToken } of ownCall(state)?.members ?? []) {
      if (sessionToken === own?.sessionToken) continue;
      present.add(sessionToken);
      this.add(sessionToken, speakerName(state, sessionToken));
    }
    for (const token of this.whisperers) {
      // Where not everybody is shown, who whispers may be there unseen.
      if (view.sessions.has(token) || !view.showsEverybody) present.add(token);
      else this.whisperers.delete(token);
    }
    for (const [token, timer] of this.speakers) {
      if (!present.has(token) && timer === null) this.removeSoon(token);
    }
  }

  /** To be called before a frame of this session is pushed: voice may be faster than the view. */
  expect(token: number, state: State, audience: Audience): void {
    if (audience === 'whisper') this.whisperers.add(token);
    if (this.speakers.has(token)) return;
    this.add(token, speakerName(state, token));
  }

  close(): void {
    for (const timer of this.speakers.values()) {
      if (timer !== null) clearTimeout(timer);
    }
    this.speakers.clear();
  }

  private removeAll(): void {
    const tokens = [...this.speakers.keys()];
    this.close();
    this.whisperers.clear();
    this.withPriority.clear();
    for (const token of tokens) this.list.removeSpeaker(token);
  }

  private add(token: number, displayName: string): void {
    const timer = this.speakers.get(token);
    if (timer) clearTimeout(timer);
    if (timer === undefined) this.list.addSpeaker(token, displayName);
    this.speakers.set(token, null);
  }

  private prioritise({ sessionToken, isPrioritySpeaker }: SessionInfo): void {
    if (this.withPriority.has(sessionToken) === isPrioritySpeaker) return;
    if (isPrioritySpeaker) this.withPriority.add(sessionToken);
    else this.withPriority.delete(sessionToken);
    this.list.setPriority(sessionToken, isPrioritySpeaker);
  }

  private removeSoon(token: number): void {
    const remove = (): void => {
      this.speakers.delete(token);
      this.withPriority.delete(token);
      this.list.removeSpeaker(token);
    };
    this.speakers.set(token, setTimeout(remove, removeAfterMs));
  }
}

/** As the view shows somebody, or the own call, or by the number of the session. */
export function speakerName(state: State, token: number): string {
  const shown = state.view.sessions.get(token)?.displayName;
  if (shown !== undefined) return shown;
  const call = ownCall(state);
  const member = call?.members.find(({ sessionToken }) => sessionToken === token);
  if (call === null || member === undefined) return `session ${token}`;
  return nameInTalk(state, call.talkId, member.userId);
}
