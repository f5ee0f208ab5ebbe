import type { DeviceState } from '@rookery/client/engine/audio/device/deviceState';
import type { ClientErrorCode } from '@rookery/client/engine/clientError';

/** Faults of sound that have words of their own, which say what to do next. */
const known = [
  'noAudioLibrary',
  'noAudioDevice',
  'audioDeviceInUse',
  'audioNotAllowed',
  'audioDeviceFailed',
] as const satisfies readonly ClientErrorCode[];

/** What is wrong with a device, or what is done in its place. */
export type SoundProblem =
  | { readonly kind: 'known'; readonly code: (typeof known)[number]; readonly detail: string }
  /** Another one is used until it is there again. */
  | { readonly kind: 'fallback'; readonly deviceName: string }
  /** In the engine's own words. */
  | { readonly kind: 'other'; readonly detail: string };

/** @returns null where all is well. Pure. */
export function soundProblemOf({
  problem,
  isFallback,
  device,
}: Pick<DeviceState, 'problem' | 'isFallback' | 'device'>): SoundProblem | null {
  if (isFallback && device !== null) return { kind: 'fallback', deviceName: device.name };
  if (problem === null) return null;
  const code = known.find((name) => name === problem.code);
  const detail = problem.message;
  return code === undefined ? { kind: 'other', detail } : { kind: 'known', code, detail };
}
