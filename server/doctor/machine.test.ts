import { expect, test } from 'vitest';
import { nodeFinding, openFilesFinding } from './machine.js';

function limitsWith(soft: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max core file size        0                    unlimited            bytes     ',
    `Max open files            ${soft.padEnd(20)} 1048576              files     `,
  ].join('\n');
}

test('too few open files for a large community are told', () => {
  expect(openFilesFinding(limitsWith('1024'))).toMatchObject({
    verdict: 'attention',
    text: expect.stringMatching(/^1024 .* 5768.*LimitNOFILE=5768/) as string,
  });
  expect(openFilesFinding(limitsWith('5768'))).toMatchObject({ verdict: 'good' });
  expect(openFilesFinding(limitsWith('unlimited'))).toMatchObject({ verdict: 'good' });
});

test('a system without such limits says nothing of them', () => {
  expect(openFilesFinding(null)).toMatchObject({ verdict: 'attention' });
});

test('a Node that is too old is told', () => {
  expect(nodeFinding('20.18.1')).toMatchObject({ verdict: 'bad' });
  expect(nodeFinding('20.19.0')).toMatchObject({ verdict: 'good' });
  expect(nodeFinding('24.1.0')).toMatchObject({ verdict: 'good' });
});
