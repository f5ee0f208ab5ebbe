import { expect, test } from 'vitest';
import { deviceTable } from './deviceTable.js';

test('lines the devices up and marks what is used where none is chosen', () => {
  const headset = { id: 'ALSA:Headset', name: 'Headset', inputChannels: 1, outputChannels: 2 };
  const standard = { id: 'ALSA:default', name: 'default', inputChannels: 32, outputChannels: 0 };
  const lines = deviceTable([
    { ...headset, sampleRate: 48_000, isDefaultInput: false, isDefaultOutput: true },
    { ...standard, sampleRate: 44_100, isDefaultInput: true, isDefaultOutput: false },
  ]);
  expect(lines.slice(0, 3)).toEqual([
    'Device   In    Out  Rate      Id',
    'Headset  1     2 *  48 kHz    ALSA:Headset',
    'default  8+ *  -    44.1 kHz  ALSA:default',
  ]);
  expect(lines[3]).toContain('--input');
});

test('says what to do where there is none', () => {
  expect(deviceTable([])).toEqual([expect.stringContaining('plug in a headset')]);
});
