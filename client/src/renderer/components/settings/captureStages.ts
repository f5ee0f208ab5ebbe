import type { CapturePoint } from '@rookery/client/engine/audio/capture/captureTable';

/** Stages of the microphone's chain that are on or off, in its order, and where each stands. */
export const captureStages = {
  isHighPassOn: { before: 'inputGain', after: 'highPass' },
  isEchoCancellerOn: { before: 'highPass', after: 'echoCanceller' },
  isNoiseSuppressorOn: { before: 'echoCanceller', after: 'noiseSuppressor' },
  isGainControlOn: { before: 'noiseSuppressor', after: 'gainControl' },
} as const satisfies Record<string, { before: CapturePoint; after: CapturePoint }>;

export type CaptureStage = keyof typeof captureStages;
