import type { Engine } from '../engine/engine.js';
import type { TransmitMode } from '../engine/audio/capture/captureThread.js';
import { findDevice, type SoundFiles } from './soundDevices.js';

/** What the command line says of the sound. */
export interface SoundOptions extends SoundFiles {
  /** Devices, by name or id. */
  readonly input?: string;
  readonly output?: string;
  readonly ptt?: true;
  readonly vad?: true;
  readonly continuous?: true;
  readonly mute?: true;
}

/** A machine that does not know its devices by then has none, or none that can be asked. */
const devicesWaitMs = 5_000;

/**
 * Starts the sound as the options say; devices and mode are remembered in the profile.
 *
 * @throws ClientError `noAudioDevice` where a device is named that is not there
 */
export async function startSound(
  engine: Pick<Engine, 'state' | 'subscribe' | 'sound'>,
  options: SoundOptions,
): Promise<void> {
  const { sound } = engine;
  const mode = modeOf(options);
  if (mode !== null) sound.setMode(mode);
  if (options.mute) sound.setMuted(true);
  sound.start();
  if (options.input === undefined && options.output === undefined) return;
  await untilDevicesKnown(engine);
  const { devices } = engine.state.audio;
  const { input, output } = options;
  if (input !== undefined) sound.chooseInput(findDevice(devices, 'input', input).id);
  if (output !== undefined) sound.chooseOutput(findDevice(devices, 'output', output).id);
}

function modeOf({ ptt, vad, continuous }: SoundOptions): TransmitMode | null {
  if (ptt) return 'pushToTalk';
  if (vad) return 'voiceActivated';
  return continuous ? 'continuous' : null;
}

function untilDevicesKnown(engine: Pick<Engine, 'state' | 'subscribe'>): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(finish, devicesWaitMs);
    const unsubscribe = engine.subscribe(({ audio }) => {
      if (audio.devices.length > 0) finish();
    });
    if (engine.state.audio.devices.length > 0) finish();
  });
}
