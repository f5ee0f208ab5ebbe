import type { DeviceState } from '../../engine/audio/device/deviceState.js';
import type { SpeakerStatistics } from '../../engine/audioState.js';

/** Somebody who is heard well. */
export const talkingSpeaker: SpeakerStatistics = {
  isTalking: true,
  isWhispering: false,
  levelDbfs: -24,
  depthMs: 20,
  jitterMs: 2,
  delayMs: 41,
  framesPlayed: 100,
  framesRecovered: 0,
  framesConcealed: 0,
  framesLate: 0,
  framesDuplicate: 0,
  samplesStretched: 0,
  payloadBytes: 0,
};

/** A side of the sound that runs on this device. */
export function runningSide(name: string): DeviceState {
  const channels = { inputChannels: 1, outputChannels: 2, sampleRate: 48_000 };
  const device = { id: name, name, ...channels, isDefaultInput: true, isDefaultOutput: true };
  return { phase: 'running', wishedId: null, device, isFallback: false, problem: null };
}
