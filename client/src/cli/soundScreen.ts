import { quietestDb } from '../engine/audio/capture/captureTable.js';
import type { AudioState, SpeakerStatistics } from '../engine/audioState.js';
import type { DeviceState } from '../engine/audio/device/deviceState.js';
import { terminalText } from './terminalText.js';

/** What the meters show beside the sound's own state. */
export interface SoundScene {
  readonly audio: AudioState;
  /** By session token. */
  readonly nameOf: (sessionToken: number) => string;
  /** How voice goes to the server; '' without one. */
  readonly voice: string;
}

const barCells = 30;
/** Below it a bar is empty: as quiet as a quiet room. */
const barFloorDb = -60;
/** More do not fit on a screen. */
const speakersMax = 12;

/** What the keys do, in one line. */
export const keyHelp = 'space talk on/off  m mute  d deafen  h hear yourself  t tone  q quit';

/**
 * The meters as lines of a terminal. Pure.
 *
 * @param columns width of the terminal; lines are cut there
 */
export function soundLines(scene: SoundScene, columns: number): string[] {
  const { audio } = scene;
  const lines = [
    inputLine(audio),
    voiceLine(audio),
    outputLine(audio),
    ...deviceLines('input', audio.input),
    ...deviceLines('output', audio.output),
    ...(audio.problem === null ? [] : [`no sound: ${audio.problem.message}`]),
    [stateWords(audio), scene.voice].filter(Boolean).join('  '),
    ...speakerLines(scene),
    keyHelp,
  ];
  return lines.map((line) => terminalText(line).slice(0, Math.max(1, columns - 1)));
}

/** A level in words. */
export function decibels(dbfs: number): string {
  return dbfs <= quietestDb ? ' silent' : `${dbfs.toFixed(0).padStart(4)} dB`;
}

/**
 * Of 100, how much sound did not come in time, for frames as long as most are: 20 ms; null where
 * nothing came.
 */
export function lostPercent(speaker: SpeakerStatistics): number | null {
  const { framesPlayed, framesRecovered, framesConcealed } = speaker;
  const lost = framesRecovered + framesConcealed / 2;
  return framesPlayed + lost === 0 ? null : (100 * lost) / (framesPlayed + lost);
}

function inputLine({ levels, isTransmitting }: AudioState): string {
  const { microphone, limiter } = levels.capture;
  const words = [
    `in     ${levelBar(microphone.rmsDbfs)} ${decibels(microphone.rmsDbfs)}`,
    `sent ${decibels(limiter.rmsDbfs)}`,
    ...(levels.isClipping ? ['TOO LOUD'] : []),
    ...(isTransmitting ? ['TRANSMITTING'] : []),
  ];
  return words.join('  ');
}

/** The mark is where speech opens the microphone. */
function voiceLine({ levels, settings }: AudioState): string {
  const share = levels.voiceProbability;
  const mark = Math.min(barCells - 1, Math.round(settings.startsAbove * barCells));
  const bar = filled(share);
  const percent = (100 * share).toFixed(0).padStart(4);
  return `speech [${bar.slice(0, mark)}|${bar.slice(mark + 1)}] ${percent} %`;
}

function outputLine({ levels, playback, capture }: AudioState): string {
  const dropped = capture.framesDropped + capture.samplesLost / 480;
  const words = [
    `out    ${levelBar(levels.outputRmsDbfs)} ${decibels(levels.outputRmsDbfs)}`,
    `frames ${capture.frames} (${Math.round(dropped)} dropped)`,
    `underruns ${playback.underruns}`,
  ];
  return words.join('  ');
}

function deviceLines(side: string, { phase, device, isFallback, problem }: DeviceState): string[] {
  const name = device === null ? phase : `${device.name}${isFallback ? ' (fallback)' : ''}`;
  return [`${side}: ${name}`, ...(problem === null ? [] : [`  ${problem.message}`])];
}

function stateWords(audio: AudioState): string {
  const { settings, isKeyDown, isDeafened, isHearingSelf, dump, recording } = audio;
  const modes = {
    pushToTalk: `push to talk${isKeyDown ? ' (talking)' : ''}`,
    voiceActivated: 'voice activated',
    continuous: 'continuous',
  };
  const words = [
    modes[settings.mode],
    ...(settings.isMuted ? ['MUTED'] : []),
    ...(isDeafened ? ['DEAFENED'] : []),
    ...(isHearingSelf ? ['hearing yourself'] : []),
    ...(recording.phase === 'writing' ? ['RECORDING'] : []),
    ...(dump.phase === 'writing' ? ['dumping'] : []),
  ];
  return words.join('  ');
}

/** Who talks comes first. */
function speakerLines({ audio, nameOf }: SoundScene): string[] {
  const speakers = [...audio.speakers].sort(
    ([, a], [, b]) => Number(b.isTalking) - Number(a.isTalking),
  );
  const shown = speakers.slice(0, speakersMax).map(([token, speaker]) => {
    const mark = speaker.isWhispering ? 'whispers' : speaker.isTalking ? 'talks' : '';
    const lost = lostPercent(speaker);
    return [
      `  ${nameOf(token).slice(0, 20).padEnd(20)} ${mark.padEnd(8)}`,
      speaker.isTalking ? decibels(speaker.levelDbfs) : '       ',
      `buffer ${speaker.depthMs.toFixed(0).padStart(3)} ms`,
      `delay ${speaker.delayMs.toFixed(0).padStart(3)} ms`,
      `lost ${lost === null ? '–' : lost.toFixed(1)} %`,
    ].join('  ');
  });
  const more = speakers.length - shown.length;
  return more > 0 ? [...shown, `  and ${more} more`] : shown;
}

function levelBar(dbfs: number): string {
  return `[${filled((dbfs - barFloorDb) / -barFloorDb)}]`;
}

function filled(share: number): string {
  const cells = Math.round(barCells * Math.min(1, Math.max(0, share)));
  return '#'.repeat(cells).padEnd(barCells, '-');
}
