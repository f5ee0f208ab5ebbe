import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import {
  assertNotHidden,
  hasHiddenDevices,
  noDefaultDevice,
  openFault,
  PaError,
} from './portAudioFaults.js';
import { loadPortAudio } from './portAudioLibrary.js';

const folder = await ScratchFolder.make();
afterAll(() => folder.remove());

const noHostError = { code: 0, text: '' };

test.each([
  ['audioDeviceInUse', PaError.DeviceUnavailable, noHostError],
  ['audioDeviceInUse', PaError.UnanticipatedHostError, { code: -16, text: 'busy' }],
  ['audioNotAllowed', PaError.UnanticipatedHostError, { code: -13, text: 'denied' }],
  ['noAudioDevice', PaError.InvalidDevice, noHostError],
  ['audioDeviceFailed', -9986, { code: -13, text: 'of another call' }],
])('tells %s from the answers of PortAudio and the system', (code, error, host) => {
  const fault = openFault('headset', error, 'Internal error', host);
  expect(fault).toMatchObject({ code, message: expect.stringContaining('headset') as string });
});

test('gives the words of whoever had some', () => {
  const host = { code: -111, text: 'Connection refused' };
  const told = openFault('x', PaError.UnanticipatedHostError, 'Unanticipated host error', host);
  expect(told.message).toContain('Connection refused');
  expect(openFault('x', -9986, 'Internal error', host).message).toContain('Internal error');
});

test('tells no sound card from sound cards that the user may not open', async () => {
  const nodes = folder.in('snd');
  expect(hasHiddenDevices(nodes)).toBe(false);
  await mkdir(nodes);
  await writeFile(folder.in('snd', 'seq'), '');
  expect(hasHiddenDevices(nodes, () => false)).toBe(false);
  await writeFile(folder.in('snd', 'pcmC0D0c'), '');
  expect(hasHiddenDevices(nodes, () => false)).toBe(true);
  expect(hasHiddenDevices(nodes, () => true)).toBe(false);
  expect(() => assertNotHidden(true)).toThrow('no permission');
  expect(() => assertNotHidden(false)).not.toThrow();
  expect(noDefaultDevice('input', true)).toMatchObject({ code: 'audioNotAllowed' });
  expect(noDefaultDevice('input', false)).toMatchObject({ code: 'noAudioDevice' });
});

test('says what to install where there is no library, or one that does not load', async () => {
  const code = 'noAudioLibrary';
  expect(() => loadPortAudio([])).toThrow(expect.objectContaining({ code }) as Error);
  const broken = folder.in('libportaudio.so.2');
  await writeFile(broken, 'no library');
  expect(() => loadPortAudio([broken])).toThrow(expect.objectContaining({ code }) as Error);
});
