import type { ReadStream } from 'node:tty';
import type { Engine } from '../engine/engine.js';

/** A keyboard that is listened to. */
export interface SoundKeys {
  /** Gives the keyboard back. */
  release(): void;
}

/**
 * Has keys command the sound. A terminal tells when a key goes down and never when it comes up, so
 * space switches push to talk on and off.
 *
 * @param input a terminal's keyboard
 * @param onQuit the user wants to end: q, or Ctrl-C, which is a key like any other then
 */
export function listenToKeys(
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'pause' | 'resume'>,
  engine: Pick<Engine, 'state' | 'sound'>,
  onQuit: () => void,
): SoundKeys {
  const onData = (bytes: Buffer): void => {
    for (const key of bytes.toString('latin1')) {
      if (key === 'q' || key === '\x03') onQuit();
      else obey(key, engine);
    }
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  return {
    release: () => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
    },
  };
}

function obey(key: string, { state, sound }: Pick<Engine, 'state' | 'sound'>): void {
  const { audio } = state;
  if (key === ' ') sound.setKey(!audio.isKeyDown);
  else if (key === 'm') sound.setMuted(!audio.settings.isMuted);
  else if (key === 'd') sound.setDeafened(!audio.isDeafened);
  else if (key === 'h') sound.hearYourself(!audio.isHearingSelf);
  else if (key === 't') sound.playTone();
}
