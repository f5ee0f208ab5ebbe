import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RequestChild } from './requestChannel.js';

interface Request {
  readonly what: 'echo' | 'fail' | 'end';
}

let child: RequestChild<Request, string>;

beforeEach(() => {
  child = new RequestChild('test child', new URL('./testing/echoProcess.js', import.meta.url));
});

afterEach(() => child.end());

describe('a child that is asked', () => {
  test('answers one request after the other', async () => {
    expect(await child.ask({ what: 'echo' })).toBe('echo');
    expect(await child.ask({ what: 'echo' })).toBe('echo');
  });

  test('passes on why it failed, and can be asked again', async () => {
    await expect(child.ask({ what: 'fail' })).rejects.toMatchObject({
      code: 'childFailed',
      message: 'it cannot be done',
    });
    expect(await child.ask({ what: 'echo' })).toBe('echo');
  });

  test('is named when it ends instead of answering, and from then on', async () => {
    const ended = { code: 'childFailed', message: 'The test child ended too early.' };
    await expect(child.ask({ what: 'end' })).rejects.toMatchObject(ended);
    await expect(child.ask({ what: 'echo' })).rejects.toMatchObject(ended);
  });

  test('ends when it is let go, and may be let go twice', async () => {
    await child.ask({ what: 'echo' });
    await child.end();
    await child.end();
  });
});
