import { afterAll, beforeAll, expect, test } from 'vitest';
import { RookeryProcess } from '../testing/rookeryProcess.js';
import { VirtualSound } from '../testing/virtualSound.js';

let sound: VirtualSound;
beforeAll(async () => {
  sound = await VirtualSound.start();
});
afterAll(() => sound.stop());

test('`rookery devices` shows the devices of the machine, and nothing of the drivers', async () => {
  const [table, json] = await Promise.all([
    new RookeryProcess(['devices'], sound.env).outcome,
    new RookeryProcess(['devices', '--json'], sound.env).outcome,
  ]);
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout).toMatch(/^default .* \*.* ALSA:default$/m);
  expect(json).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({
    event: 'devices',
    devices: expect.arrayContaining([
      expect.objectContaining({ id: 'ALSA:default', isDefaultInput: true }),
    ]) as unknown,
  });
});

test('`rookery devices` says so where there is none', async () => {
  await sound.unplug('speakers');
  const { code, stdout, stderr } = await new RookeryProcess(['devices'], sound.env).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('No sound device');
});
