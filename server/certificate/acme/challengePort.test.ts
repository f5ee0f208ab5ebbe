import { expect, test } from 'vitest';
import { challengePortError } from './challengePort.js';

test('a port that is refused, and one that somebody has, are told with what helps', () => {
  const fault = (code: string): Error => Object.assign(new Error(`listen ${code} :::80`), { code });
  expect(challengePortError(fault('EACCES'), 80)).toMatchObject({
    code: 'acmeFailed',
    message: expect.stringMatching(/TCP port 80 .*EACCES.*install\.sh --acme/) as string,
  });
  expect(challengePortError(fault('EADDRINUSE'), 80)).toMatchObject({
    code: 'addressInUse',
    message: expect.stringMatching(/Stop what uses it, or .*--acme-port/) as string,
  });
});
