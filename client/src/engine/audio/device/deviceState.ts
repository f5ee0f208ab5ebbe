import type { EngineFault } from '../../engineState.js';
import type { DeviceInfo } from './audioDevice.js';

/** How one side of the sound stands. */
export interface DeviceState {
  /** `waiting`: no device can be opened; it is tried again by itself. */
  readonly phase: 'off' | 'opening' | 'running' | 'waiting';
  /** The device that was chosen; null: the system's default. */
  readonly wishedId: string | null;
  /** The one that runs. */
  readonly device: DeviceInfo | null;
  /** True while another device than the chosen one runs. */
  readonly isFallback: boolean;
  /** Why the wish is not fulfilled; null where it is. */
  readonly problem: EngineFault | null;
}

/** Before anything was opened. */
export const deviceOff: DeviceState = {
  phase: 'off',
  wishedId: null,
  device: null,
  isFallback: false,
  problem: null,
};
