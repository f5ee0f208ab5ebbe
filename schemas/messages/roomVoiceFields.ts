import { defaultBundleWindowMs, fieldLimits } from '../protocol.js';
import { integerField } from './fields.js';

/** Fields of what a room says about its voice, where it is asked for and where it is told. */

export const speakersMax = integerField('speakersMax', 0, 0xffff);

export const bitrate = integerField('bitrate', fieldLimits.bitrateMin, fieldLimits.bitrateMax);

const ownBundleWindowMs = integerField('bundleWindowMs', 0, fieldLimits.bundleWindowMsMax);

/** A window of the room's own, or the value that stands for the server's. */
export function bundleWindowMs(value: number): number {
  return value === defaultBundleWindowMs ? value : ownBundleWindowMs(value);
}
