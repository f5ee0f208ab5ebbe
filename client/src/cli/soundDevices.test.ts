import { expect, it } from 'vitest';
import { findDevice } from './soundDevices.js';

const device = (name: string, inputChannels: number, outputChannels: number) => {
  const flags = { isDefaultInput: false, isDefaultOutput: false };
  return { id: `ALSA: ${name}`, name, inputChannels, outputChannels, sampleRate: 48_000, ...flags };
};
const devices = [
  device('USB Headset', 1, 0),
  device('USB Headset 2', 1, 0),
  device('Built-in Audio', 2, 2),
];

it('finds a device by id, name, or a part of the name that no other has', () => {
  expect(findDevice(devices, 'input', 'ALSA: USB Headset').name).toBe('USB Headset');
  expect(findDevice(devices, 'input', 'USB Headset').name).toBe('USB Headset');
  expect(findDevice(devices, 'input', 'built').name).toBe('Built-in Audio');
});

it('names those that are there where none or several are meant', () => {
  expect(() => findDevice(devices, 'input', 'usb')).toThrow('"usb" fits several devices');
  expect(() => findDevice(devices, 'output', 'USB Headset')).toThrow(
    '"USB Headset" is no device for output; there is "Built-in Audio"',
  );
  expect(() => findDevice([], 'output', 'x')).toThrow('there is none');
});
