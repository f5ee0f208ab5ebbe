import { expect, test } from 'vitest';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { ServerError } from '../errors.js';
import { storageRefusal } from './storageRefusal.js';

test.each([
  ['storageFull', ErrorCode.StorageFull],
  ['storageBusy', ErrorCode.TooFast],
  ['storageFault', ErrorCode.Internal],
] as const)('%s has a code and words for whoever asked', (code, told) => {
  const refused = storageRefusal(new ServerError(code, 'Try again.'));
  expect(refused).toMatchObject({ refused: true, code: told });
  expect(refused?.message).toMatch(/[Tt]ry again/);
});

test('what is no fault of the storage is not told', () => {
  expect(storageRefusal(new ServerError('serverFull', 'x'))).toBeNull();
  expect(storageRefusal(new Error('x'))).toBeNull();
});
