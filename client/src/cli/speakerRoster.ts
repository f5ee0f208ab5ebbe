import type { SpeechRecorder } from '../engine/audio/speechRecorder.js';
import { ownSession, type State } from '../engine/engineState.js';
import { sessionsInRoom, type View } from '../engine/view.js';

/**
 * Voice travels beside the view, not behind it: the last frames of somebody who has left may still
 * be under way.
 */
const removeAfterMs = 1_000;

/** Keeps the recorder's speakers the same as the people in the own room. */
export class SpeakerRoster {
  /** By token; a timer where the speaker has left. */
  private readonly speakers = new Map<number, NodeJS.Timeout | null>();
  private lastView: View | null = null;

  constructor(private readonly recorder: Pick<SpeechRecorder, 'addSpeaker' | 'removeSpeaker'>) {}

  /** To be called with every State. */
  follow(state: State): void {
    if (state.view === this.lastView) return;
    this.lastView = state.view;
    const own = ownSession(state);
    const members = own?.roomId ? sessionsInRoom(state.view, own.roomId) : [];
    const present = new Set<number>();
    for (const { sessionToken, displayName } of members) {
      if (sessionToken === own?.sessionToken) continue;
      present.add(sessionToken);
      this.add(sessionToken, displayName);
    }
    for (const [token, timer] of this.speakers) {
      if (!present.has(token) && timer === null) this.removeSoon(token);
    }
  }

  /** To be called before a frame of this session is recorded: voice may be faster than the view. */
  expect(token: number, { view }: State): void {
    if (this.speakers.has(token)) return;
    this.add(token, view.sessions.get(token)?.displayName ?? `session ${token}`);
  }

  close(): void {
    for (const timer of this.speakers.values()) {
      if (timer !== null) clearTimeout(timer);
    }
    this.speakers.clear();
  }

  private add(token: number, displayName: string): void {
    const timer = this.speakers.get(token);
    if (timer) clearTimeout(timer);
    if (timer === undefined) this.recorder.addSpeaker(token, displayName);
    this.speakers.set(token, null);
  }

  private removeSoon(token: number): void {
    const remove = (): void => {
      this.speakers.delete(token);
      this.recorder.removeSpeaker(token);
    };
    this.speakers.set(token, setTimeout(remove, removeAfterMs));
  }
}
