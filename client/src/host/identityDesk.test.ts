import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { IdentityDesk } from './identityDesk.js';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

test('makes, names and chooses identities, and shows who one is with each', async () => {
  const desk = new IdentityDesk(scratch.in('made'));
  expect(await desk.list()).toEqual([]);
  const first = await desk.first();
  expect(first).toMatchObject({ name: 'main', isDefault: true });
  expect(first.userId).toMatch(/^[0-9a-f-]{36}$/);
  await desk.create('work', null);
  await desk.rename('work', 'office');
  await desk.chooseForServer('talk.example.org', 'office');
  await desk.chooseDefault('office');
  await desk.remove('main');
  expect(await desk.list()).toMatchObject([
    { name: 'office', isDefault: true, servers: ['talk.example.org:4640'] },
  ]);
});

test('a backup is sealed, and taken in with its passphrase alone', async () => {
  const desk = new IdentityDesk(scratch.in('from'));
  const { userId } = await desk.first();
  await expect(desk.exportText('main', null)).rejects.toMatchObject({ code: 'passphraseNeeded' });
  const block = await desk.exportText('main', 'secret');
  const elsewhere = new IdentityDesk(scratch.in('to'));
  const importing = elsewhere.importText('main', block, 'wrong');
  await expect(importing).rejects.toMatchObject({ code: 'wrongPassphrase' });
  await elsewhere.importText('main', block, 'secret');
  expect(await elsewhere.list()).toMatchObject([{ userId, facts: { hasPassphrase: true } }]);
  await elsewhere.changePassphrase('main', 'secret', null);
  expect(await elsewhere.list()).toMatchObject([{ userId, facts: { hasPassphrase: false } }]);
});

test.each([[7], [null], ['../up'], ['A'], ['x'.repeat(65)]])(
  'refuses %j as a name',
  async (called) => {
    const desk = new IdentityDesk(scratch.in('names'));
    const making = desk.create(called as string, null);
    await expect(making).rejects.toMatchObject({ code: 'invalidInput' });
  },
);
