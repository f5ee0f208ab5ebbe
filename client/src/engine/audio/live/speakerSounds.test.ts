import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { beforeEach, expect, it } from 'vitest';
import { initialState, type State } from '../../engineState.js';
import { fixedView } from '../../testing/fixedView.js';
import type { PlaybackThread } from '../playback/playbackThread.js';
import { usualSound, type SpeakerSound } from '../voiceMixer.js';
import { SpeakerSounds } from './speakerSounds.js';

const user = '00000000-0000-4000-8000-0000000000aa';
const quiet = new Map([[user, { gain: 0.5, isMuted: false }]]);

/** What a playback thread was told. */
class Told {
  readonly speakers = new Map<number, string>();
  readonly sounds = new Map<number, SpeakerSound>();
  readonly thread = {
    addSpeaker: (token: number, name: string) => void this.speakers.set(token, name),
    removeSpeaker: (token: number) => void this.speakers.delete(token),
    setSound: (token: number, sound: SpeakerSound) => void this.sounds.set(token, sound),
  } as unknown as PlaybackThread;
}

let told: Told;
let sounds: SpeakerSounds;
beforeEach(() => {
  told = new Told();
  sounds = new SpeakerSounds();
  sounds.attach(told.thread);
});

function stateWith(sessionToken: number): State {
  const rooms = [{ ...defaultRoom, roomId: rootRoomId, parentId: null, name: 'Lobby' }];
  const wren = { ...defaultSession, sessionToken, userId: user, displayName: 'Wren', roomId: null };
  const connection = { phase: 'connected', sessionToken: 1 } as State['connection'];
  return { ...initialState, connection, view: fixedView(rooms, [wren]) };
}

it('has somebody heard as the profile says, once it is known who it is', () => {
  sounds.setUsers(quiet);
  sounds.addSpeaker(7, 'session 7');
  expect(told.sounds.get(7)).toEqual(usualSound);
  sounds.follow(stateWith(8));
  expect(told.sounds.get(7)).toEqual(usualSound);
  sounds.follow(stateWith(7));
  expect(told.sounds.get(7)).toEqual({ ...usualSound, gain: 0.5 });
  sounds.setUsers(new Map([[user, { gain: 2, isMuted: true }]]));
  expect(told.sounds.get(7)).toEqual({ ...usualSound, gain: 2, isMuted: true });
  sounds.setUsers(new Map());
  expect(told.sounds.get(7)).toEqual(usualSound);
});

it('keeps priority and place beside the volume', () => {
  sounds.addSpeaker(7, 'Wren');
  sounds.setPriority(7, true);
  sounds.setPosition(7, { x: 2, y: 0, z: 0 });
  sounds.setUsers(quiet);
  sounds.follow(stateWith(7));
  const heard = told.sounds.get(7)!;
  expect(heard).toMatchObject({ gain: 0.25, hasPriority: true });
  expect(heard.pan).toBeGreaterThan(0);
  sounds.setPosition(7, null);
  expect(told.sounds.get(7)).toEqual({ ...usualSound, gain: 0.5, hasPriority: true });
});

it('tells another thread all that it told the one before', () => {
  sounds.addSpeaker(7, 'Wren');
  sounds.addSpeaker(8, 'Robin');
  sounds.removeSpeaker(8);
  sounds.setUsers(quiet);
  sounds.follow(stateWith(7));
  const next = new Told();
  sounds.attach(null);
  sounds.setPriority(7, true);
  sounds.attach(next.thread);
  expect([...next.speakers]).toEqual([[7, 'Wren']]);
  expect(next.sounds.get(7)).toEqual({ ...usualSound, gain: 0.5, hasPriority: true });
});

it('forgets where somebody stood who has left', () => {
  sounds.addSpeaker(7, 'Wren');
  sounds.setPosition(7, { x: 2, y: 0, z: 0 });
  sounds.removeSpeaker(7);
  sounds.addSpeaker(7, 'another');
  expect(told.sounds.get(7)).toEqual(usualSound);
});
