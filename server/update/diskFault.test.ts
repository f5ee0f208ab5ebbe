import { expect, test } from 'vitest';
import { isDiskFault, toldDiskFault } from './diskFault.js';

test.each([
  ['ENOSPC', 'there is no space left'],
  ['EACCES', 'Put sudo in front'],
  ['EROFS', 'Run this outside of the service'],
])('%s is told with what to do', (code, words) => {
  const fault = Object.assign(new Error('x'), { code, path: '/opt/rookery/versions' });
  expect(isDiskFault(fault)).toBe(true);
  expect(toldDiskFault(fault).message).toContain('Cannot write /opt/rookery/versions: ');
  expect(toldDiskFault(fault).message).toContain(words);
});

test('faults of the network and of the program are others', () => {
  for (const code of ['ECONNREFUSED', 'ERR_INVALID_ARG_TYPE', 'toString']) {
    expect(isDiskFault(Object.assign(new Error('x'), { code }))).toBe(false);
  }
});
