import { quietestDb } from '../engine/audio/capture/captureTable.js';
import type { AudioState } from '../engine/audioState.js';
import type { DeviceState } from '../engine/audio/device/deviceState.js';
import type { ClientErrorCode } from '../engine/clientError.js';

/** What is to be said of one part of the sound. */
export interface Finding {
  /** Why it is of no use; null where it is. */
  readonly code: ClientErrorCode | null;
  readonly words: string;
}

/** What was seen of the sound over a while. */
export interface SoundObservation {
  readonly audio: AudioState;
  /** The loudest that the microphone was. */
  readonly inputPeakDbfsMax: number;
}

/** Even a quiet room with a good microphone is louder. */
const quietDbfs = -90;
/** A voice close to a microphone is louder at its peaks. */
const faintDbfs = -40;
const clippingDbfs = -0.5;

/** Says in words what is wrong with the sound, and what to do. Pure. */
export function soundFindings({ audio, inputPeakDbfsMax }: SoundObservation): Finding[] {
  if (audio.problem !== null) {
    return [{ code: audio.problem.code, words: `there is no sound: ${audio.problem.message}` }];
  }
  return [
    ...sideFindings('microphone', audio.input),
    ...(audio.input.phase === 'running' ? [levelFinding(inputPeakDbfsMax)] : []),
    ...sideFindings('output', audio.output),
    ...(audio.output.phase === 'running' ? [playbackFinding(audio)] : []),
  ];
}

function sideFindings(
  what: string,
  { phase, device, isFallback, problem }: DeviceState,
): Finding[] {
  if (phase !== 'running' || device === null) {
    const why = problem?.message ?? 'no device could be opened yet; it is tried again by itself';
    return [{ code: problem?.code ?? 'noAudioDevice', words: `${what}: ${why}` }];
  }
  const stands = isFallback ? ', which stands in for the chosen one that is not there' : '';
  return [{ code: null, words: `${what}: ${device.name} at ${device.sampleRate} Hz${stands}` }];
}

function levelFinding(peakDbfs: number): Finding {
  if (peakDbfs <= quietestDb || peakDbfs < quietDbfs) {
    return silent(
      'it gives nothing but silence: is it muted, by a switch on it or in the mixer of the' +
        ' system, or is another one meant (--input)?',
    );
  }
  const loudest = `at its loudest ${peakDbfs.toFixed(0)} dB`;
  if (peakDbfs > clippingDbfs) {
    return heard(`it is too loud (${loudest}): turn it down in the mixer of the system`);
  }
  if (peakDbfs < faintDbfs) {
    return heard(`it is faint (${loudest}): speak, come closer, or turn it up in the mixer`);
  }
  return heard(`it hears well (${loudest})`);
}

function playbackFinding({ playback }: AudioState): Finding {
  if (playback.underruns === 0) return heard('what was played had no gaps');
  return heard(
    `what was played had ${playback.underruns} gaps: the machine is busy, or the device slow`,
  );
}

const heard = (words: string): Finding => ({ code: null, words });
const silent = (words: string): Finding => ({ code: 'audioDeviceFailed', words });
