import { defineStore } from 'pinia';
import type { SoundName } from '@rookery/client/host/noticeNames';
import { ringEveryMs, soundRecipes, type Note } from '../model/soundRecipes.js';
import { useClientStore } from './clientStore.js';
import { useLeadWindow } from './leadWindow.js';

/** How fast a tone comes and how it goes, seconds: without, it clicks. */
const attackS = 0.012;
/** Nothing can be heard of what is quieter. */
const silentGain = 0.0001;

/** Plays the small sounds of the window, which it makes itself; in one window alone. */
export const useSounds = defineStore('sounds', () => {
  const client = useClientStore();
  const leadWindow = useLeadWindow();
  let context: AudioContext | null = null;
  let ringing: ReturnType<typeof setInterval> | undefined;

  /** Plays a sound, where the user wants it and this window speaks for all. */
  function play(name: SoundName): void {
    const { settings, audio } = client.state;
    const isQuiet = settings.isDoNotDisturb && name !== 'disconnected';
    const isDeafQuiet = settings.isQuietWhileDeafened && audio.isDeafened && name !== 'deafen';
    if (settings.quietSounds.includes(name) || isQuiet || isDeafQuiet) return;
    if (leadWindow.isLead) sound(name);
  }

  /** Plays a sound as it is, to try it out. */
  function sound(name: SoundName): void {
    const volume = client.state.settings.soundVolumePct / 100;
    // A browser lets a page sound once it was touched; before that nobody waits for a sound.
    if (volume === 0 || !navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
    for (const note of soundRecipes[name]) playNote(context, note, volume * volume);
  }

  /** Rings until it is told not to. */
  function ring(isRinging: boolean): void {
    clearInterval(ringing);
    ringing = undefined;
    if (!isRinging) return;
    play('call');
    ringing = setInterval(() => play('call'), ringEveryMs);
  }

  return { play, sound, ring };
});

function playNote(context: AudioContext, note: Note, volume: number): void {
  const startS = context.currentTime + note.atMs / 1_000;
  const endS = startS + note.lengthMs / 1_000;
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency: note.hz });
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(silentGain, startS);
  envelope.gain.exponentialRampToValueAtTime(
    Math.max(silentGain, note.gain * volume),
    startS + attackS,
  );
  envelope.gain.exponentialRampToValueAtTime(silentGain, endS);
  oscillator.connect(envelope).connect(context.destination);
  oscillator.start(startS);
  oscillator.stop(endS);
}
