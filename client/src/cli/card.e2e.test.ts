import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'), ['--name', 'Rook']);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

test('card shows what the server tells everybody, and its fingerprint in words', async () => {
  const profile = scratch.in('profile');
  const args = ['card', '--server', server.address, '--profile', profile];
  const { stdout, code } = await runRookery([...args, '--json']);
  const shown = JSON.parse(stdout) as { readonly words: string[] };
  expect(shown).toMatchObject({
    ...{ event: 'card', address: server.address, serverName: 'Rook', members: 0 },
    ...{ passwordRequired: false, registration: 'open', trust: 'unknown' },
    fingerprint: server.fingerprint,
  });
  expect(shown.words).toHaveLength(12);
  expect(code).toBe(0);
  const told = await runRookery(args);
  expect(told.stdout).toContain(`in words     ${shown.words.join(' ')}`);
});
