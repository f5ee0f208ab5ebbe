import { expect, test } from 'vitest';
import { openNoDevice } from './noDevice.js';

test('a client without sound lists nothing and says why nothing opens', async () => {
  const device = openNoDevice();
  expect(await device.list()).toEqual([]);
  await expect(device.open('input', null, 10)).rejects.toMatchObject({
    code: 'noAudioDevice',
    message: expect.stringContaining('without sound devices') as string,
  });
  await device.close();
});
