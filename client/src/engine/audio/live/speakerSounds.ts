import type { Uuid } from '@rookery/schemas/messages';
import { ownCall } from '../../calls.js';
import type { State } from '../../engineState.js';
import type { SpeakerList } from '../../speakerRoster.js';
import type { PlaybackThread } from '../playback/playbackThread.js';
import { soundAt, type Position } from '../playback/position.js';
import { usualSound } from '../voiceMixer.js';
import { usualUserSound, type SoundSettings } from './soundSettings.js';

interface Speaker {
  readonly displayName: string;
  /** null while it is not known whose session it is. */
  userId: Uuid | null;
  hasPriority: boolean;
}

/**
 * Tells the playback thread who is heard and how: by what the profile says of the user, where they
 * stand, and what the server says of them. Who is heard outlives the thread.
 */
export class SpeakerSounds implements SpeakerList {
  private readonly speakers = new Map<number, Speaker>();
  private readonly positions = new Map<number, Position>();
  private users: SoundSettings['users'] = new Map();
  private playback: PlaybackThread | null = null;

  /** From now on this thread plays them; null: none does. */
  attach(playback: PlaybackThread | null): void {
    this.playback = playback;
    for (const [token, { displayName }] of this.speakers) {
      playback?.addSpeaker(token, displayName);
      this.tell(token);
    }
  }

  addSpeaker(token: number, displayName: string): void {
    this.speakers.set(token, { displayName, userId: null, hasPriority: false });
    this.playback?.addSpeaker(token, displayName);
    this.tell(token);
  }

  removeSpeaker(token: number): void {
    this.speakers.delete(token);
    this.positions.delete(token);
    this.playback?.removeSpeaker(token);
  }

  setPriority(token: number, hasPriority: boolean): void {
    const speaker = this.speakers.get(token);
    if (speaker === undefined) return;
    speaker.hasPriority = hasPriority;
    this.tell(token);
  }

  /** @param users as the profile says now. */
  setUsers(users: SoundSettings['users']): void {
    if (users === this.users) return;
    this.users = users;
    for (const token of this.speakers.keys()) this.tell(token);
  }

  /** Holds until the speaker leaves. */
  setPosition(token: number, position: Position | null): void {
    if (position === null) this.positions.delete(token);
    else if (this.speakers.has(token)) this.positions.set(token, position);
    this.tell(token);
  }

  /** Finds out whose sessions they are: to be called with every State, after the roster. */
  follow(state: State): void {
    for (const [token, speaker] of this.speakers) {
      if (speaker.userId !== null) continue;
      speaker.userId = userOf(state, token);
      if (speaker.userId !== null) this.tell(token);
    }
  }

  private tell(token: number): void {
    const speaker = this.speakers.get(token);
    if (speaker === undefined || this.playback === null) return;
    const { userId, hasPriority } = speaker;
    const wished = (userId === null ? undefined : this.users.get(userId)) ?? usualUserSound;
    const sound = { ...usualSound, ...wished, hasPriority };
    this.playback.setSound(token, soundAt(sound, this.positions.get(token) ?? null));
  }
}

function userOf(state: State, token: number): Uuid | null {
  const shown = state.view.sessions.get(token)?.userId;
  const member = ownCall(state)?.members.find(({ sessionToken }) => sessionToken === token);
  return shown ?? member?.userId ?? null;
}
