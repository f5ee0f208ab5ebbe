import type { SoundName } from '@rookery/client/host/noticeNames';

/** One note of a sound: a soft tone that fades by itself. */
export interface Note {
  readonly hz: number;
  /** From the beginning of the sound. */
  readonly atMs: number;
  readonly lengthMs: number;
  /** 0 … 1 of the volume. */
  readonly gain: number;
}

/** Notes of an equal-tempered scale, Hz. */
const hz = { c4: 261.6, e4: 329.6, g4: 392, a4: 440, c5: 523.3, d5: 587.3, e5: 659.3, g5: 784 };

const note = (noteHz: number, atMs: number, lengthMs = 160, gain = 0.6): Note => ({
  hz: noteHz,
  atMs,
  lengthMs,
  gain,
});

/**
 * The sounds of the window, as birds would answer each other: what comes rises, what goes falls,
 * what matters is said twice. All are short and soft; none is louder than a voice.
 */
export const soundRecipes: Readonly<Record<SoundName, readonly Note[]>> = {
  join: [note(hz.e4, 0, 110, 0.4), note(hz.a4, 80, 160, 0.4)],
  leave: [note(hz.a4, 0, 110, 0.4), note(hz.e4, 80, 160, 0.4)],
  ownJoin: [note(hz.c4, 0, 110), note(hz.e4, 80, 110), note(hz.g4, 160, 220)],
  ownLeave: [note(hz.g4, 0, 110), note(hz.e4, 80, 110), note(hz.c4, 160, 220)],
  mute: [note(hz.g4, 0, 70, 0.5), note(hz.c4, 60, 120, 0.5)],
  unmute: [note(hz.c4, 0, 70, 0.5), note(hz.g4, 60, 120, 0.5)],
  deafen: [note(hz.e4, 0, 70, 0.5), note(hz.c4, 60, 70, 0.5), note(hz.c4 / 2, 120, 180, 0.5)],
  message: [note(hz.e5, 0, 120, 0.35)],
  mention: [note(hz.e5, 0, 90, 0.5), note(hz.g5, 80, 200, 0.5)],
  directMessage: [note(hz.d5, 0, 90, 0.5), note(hz.d5, 130, 180, 0.5)],
  call: [note(hz.g4, 0, 260), note(hz.c5, 180, 260), note(hz.g4, 700, 260), note(hz.c5, 880, 320)],
  whisper: [note(hz.g5, 0, 80, 0.25), note(hz.e5, 90, 140, 0.25)],
  disconnected: [note(hz.e4, 0, 180), note(hz.c4, 160, 340)],
  reconnected: [note(hz.c4, 0, 140), note(hz.g4, 120, 280)],
  kicked: [note(hz.e4, 0, 140), note(hz.e4, 170, 140), note(hz.c4 / 2, 340, 380)],
};

/** From the beginning of one ring of a call to that of the next. */
export const ringEveryMs = 3_000;
