import { expect, test } from 'vitest';
import { csvOf } from './tableExport.js';

test('quotes what would break a cell', () => {
  expect(csvOf(['who', 'why'], [['Ada "the" Lovelace', 'one,\ntwo']])).toBe(
    'who,why\r\n"Ada ""the"" Lovelace","one,\ntwo"\r\n',
  );
});

test('makes no formula of a name', () => {
  expect(csvOf(['who'], [['=HYPERLINK("x")'], ['+1'], ['@x'], ['-2']])).toBe(
    'who\r\n"\'=HYPERLINK(""x"")"\r\n\'+1\r\n\'@x\r\n\'-2\r\n',
  );
});
