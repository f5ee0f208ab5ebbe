import { expect, test } from 'vitest';
import { trustAnswer, UserPrompts } from './userPrompts.js';

const address = { host: 'talk.example.org', port: 4_000 };
const shown = { address, fingerprint: 'AB' };
const { signal } = new AbortController();

test('asks one thing after the other, and gives each its answer', async () => {
  const prompts = new UserPrompts(() => undefined);
  const passphrase = prompts.askPassphrase('main', signal);
  const trust = prompts.askTrust(shown, signal);
  expect(prompts.current).toEqual({ kind: 'passphrase', promptId: 1, identityName: 'main' });
  prompts.answer(1, 'secret');
  expect(await passphrase).toBe('secret');
  const { fingerprint } = shown;
  const server = 'talk.example.org:4000';
  expect(prompts.current).toEqual({ kind: 'trust', promptId: 2, server, fingerprint });
  prompts.answer(2, trustAnswer);
  expect(await trust).toBe(true);
  expect(prompts.current).toBeNull();
});

test.each([null, '', 'yes'])('does not take %s for trust', async (answer) => {
  const prompts = new UserPrompts(() => undefined);
  const trust = prompts.askTrust(shown, signal);
  prompts.answer(1, answer);
  expect(await trust).toBe(false);
});

test('an answer to a prompt that is over changes nothing', async () => {
  const prompts = new UserPrompts(() => undefined);
  const first = prompts.askTrust(shown, signal);
  prompts.answer(1, null);
  await first;
  const second = prompts.askTrust(shown, signal);
  prompts.answer(1, trustAnswer);
  expect(prompts.current).toMatchObject({ promptId: 2 });
  prompts.answer(2, trustAnswer);
  expect(await second).toBe(true);
});

test('gives up with the signal', async () => {
  const prompts = new UserPrompts(() => undefined);
  const giving = new AbortController();
  const passphrase = prompts.askPassphrase('main', giving.signal);
  giving.abort();
  await expect(passphrase).rejects.toMatchObject({ code: 'passphraseNeeded' });
  expect(await prompts.askTrust(shown, giving.signal)).toBe(false);
  expect(prompts.current).toBeNull();
});
