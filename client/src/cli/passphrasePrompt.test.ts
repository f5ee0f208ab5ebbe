import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  askAccountPassword,
  askNewAccountPassword,
  askNewPassphrase,
  askPassphrase,
  type PassphraseSurroundings,
} from './passphrasePrompt.js';

/** What a terminal is to a program: keys one way, characters the other. */
class Terminal implements PassphraseSurroundings {
  readonly input = Object.assign(new PassThrough(), { isTTY: true });
  readonly output = new PassThrough({ encoding: 'utf8' });
  env: Record<string, string> = {};

  /** All that was shown since the last time. */
  shown(): string {
    return (this.output.read() as string | null) ?? '';
  }
}

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

describe('a passphrase', () => {
  it('is typed without being shown', async () => {
    const asked = askPassphrase(terminal, 'work');
    terminal.input.write('tall wörz\u007fds\r');
    expect(await asked).toBe('tall wörds');
    expect(terminal.shown()).toBe('passphrase of identity "work": \n');
  });

  it('is typed twice where it is new', async () => {
    for (const second of ['one', 'two']) {
      const asked = askNewPassphrase(terminal, 'work', 'hasOne');
      asked.catch(() => undefined);
      terminal.input.write('one\r');
      await new Promise<void>((resolve) => terminal.output.once('readable', resolve));
      while (!terminal.shown().includes('once more')) {
        await new Promise<void>((resolve) => terminal.output.once('readable', resolve));
      }
      terminal.input.write(`${second}\r`);
      if (second === 'one') expect(await asked).toBe('one');
      else await expect(asked).rejects.toMatchObject({ code: 'invalidInput' });
    }
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('can be refused with %s', async (_, key) => {
    const asked = askPassphrase(terminal, 'work');
    terminal.input.write(key);
    await expect(asked).rejects.toMatchObject({ code: 'passphraseNeeded' });
  });

  it('is waited for no longer than the session is wanted', async () => {
    for (const abortsBefore of [true, false]) {
      const wanted = new AbortController();
      if (abortsBefore) wanted.abort();
      const asked = askPassphrase(terminal, 'work', wanted.signal);
      wanted.abort();
      await expect(asked).rejects.toMatchObject({ code: 'passphraseNeeded' });
    }
  });

  it('comes from the variables without a question', async () => {
    terminal.env = { ROOKERY_PASSPHRASE: 'a' };
    expect(await askPassphrase(terminal, 'work')).toBe('a');
    expect(await askNewPassphrase(terminal, 'work', 'hasNone')).toBe('a');
    terminal.env = { ROOKERY_PASSPHRASE: 'a', ROOKERY_NEW_PASSPHRASE: 'b' };
    expect(await askPassphrase(terminal, 'work')).toBe('a');
    for (const before of ['hasNone', 'hasOne'] as const) {
      expect(await askNewPassphrase(terminal, 'work', before)).toBe('b');
    }
    expect(terminal.shown()).toBe('');
  });

  it('of an account is asked for as its password, or comes from its variable', async () => {
    const asked = askAccountPassword(terminal, 'Olga');
    terminal.input.write('tall trees\r');
    expect(await asked).toBe('tall trees');
    expect(terminal.shown()).toBe('password of "Olga": \n');
    terminal.env = { ROOKERY_ACCOUNT_PASSWORD: 'a' };
    expect(await askAccountPassword(terminal, 'Olga')).toBe('a');
    expect(await askNewAccountPassword(terminal, 'Olga')).toBe('a');
    expect(terminal.shown()).toBe('');
  });

  it('that changes one is not that one', async () => {
    terminal.env = { ROOKERY_PASSPHRASE: 'a' };
    terminal.input.isTTY = false;
    await expect(askNewPassphrase(terminal, 'work', 'hasOne')).rejects.toMatchObject({
      code: 'passphraseNeeded',
      message: expect.stringContaining('ROOKERY_NEW_PASSPHRASE') as string,
    });
  });
});
