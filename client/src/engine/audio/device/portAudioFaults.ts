import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../../clientError.js';
import type { StreamDirection } from './audioDevice.js';
import type { HostError } from './portAudioLibraryCalls.js';

/** PaErrorCode of portaudio.h, those that are told apart. */
export const PaError = {
  UnanticipatedHostError: -9999,
  InvalidDevice: -9996,
  DeviceUnavailable: -9985,
  InputOverflowed: -9981,
  OutputUnderflowed: -9980,
} as const;

/** Linux's nodes of sound cards. */
const soundCardFolder = '/dev/snd';

/** errno of Linux, as ALSA hands it on. */
const notPermitted = -1;
const accessDenied = -13;
const busy = -16;

/** What PortAudio answered, as a ClientError for who wanted to open a device. */
export function openFault(
  deviceName: string,
  error: number,
  errorText: string,
  host: HostError,
): ClientError {
  const hostCode = error === PaError.UnanticipatedHostError ? host.code : 0;
  if (error === PaError.DeviceUnavailable || hostCode === busy) {
    const next = 'end the program that uses it, or choose another device';
    return new ClientError('audioDeviceInUse', `the sound device "${deviceName}" is busy: ${next}`);
  }
  if (hostCode === accessDenied || hostCode === notPermitted) return notAllowed(deviceName);
  if (error === PaError.InvalidDevice) return noSuchDevice(deviceName);
  const reason = hostCode === 0 ? errorText : host.text;
  const message = `the sound device "${deviceName}" cannot be opened: ${reason}`;
  return new ClientError('audioDeviceFailed', `${message}; plug it in anew or choose another`);
}

/** The device was there when it was chosen. */
export function noSuchDevice(deviceId: string): ClientError {
  const message = `there is no sound device "${deviceId}": plug it in or choose another`;
  return new ClientError('noAudioDevice', message);
}

/** The machine has no device for this direction, or hides those it has. */
export function noDefaultDevice(
  direction: StreamDirection,
  isHidden = hasHiddenDevices(),
): ClientError {
  if (isHidden) return notAllowed(soundCardFolder);
  const [what, need] =
    direction === 'input' ? ['capture', 'a microphone'] : ['play', 'headphones or loudspeakers'];
  const message = `there is no sound device to ${what} with: plug in ${need}`;
  return new ClientError('noAudioDevice', message);
}

/** @throws ClientError audioNotAllowed where there are devices that this user may not use */
export function assertNotHidden(isHidden = hasHiddenDevices()): void {
  if (isHidden) throw notAllowed(soundCardFolder);
}

function notAllowed(what: string): ClientError {
  const next =
    process.platform === 'linux'
      ? 'add your user to the group "audio" and log in again'
      : 'allow it in the privacy settings of your system';
  return new ClientError('audioNotAllowed', `no permission to use ${what}: ${next}`);
}

/**
 * ALSA leaves out the sound cards that this user may not open, as if they were not there.
 *
 * @param folder of the sound cards' nodes
 * @param isUsable whether this user may open a node
 * @returns whether there are some, none of which may be used
 */
export function hasHiddenDevices(folder = soundCardFolder, isUsable = mayOpen): boolean {
  const nodes = namesIn(folder).filter((name) => name.startsWith('pcm'));
  return nodes.length > 0 && !nodes.some((name) => isUsable(join(folder, name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
