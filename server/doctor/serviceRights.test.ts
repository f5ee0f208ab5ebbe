import { expect, test } from 'vitest';
import { lowPortFinding, rightsIn } from './serviceRights.js';

const shown = (load: string, rights: string): string =>
  `User=rookery\nAmbientCapabilities=${rights}\nLoadState=${load}\n`;

test('reads what systemd says of the unit', () => {
  expect(rightsIn(shown('not-found', ''), 1_024)).toBeNull();
  expect(rightsIn('', 1_024)).toBeNull();
  expect(rightsIn(shown('loaded', 'cap_kill cap_net_bind_service'), 1_024)).toEqual({
    ...{ user: 'rookery', freePortsFrom: 1_024 },
    capabilities: ['cap_kill', 'cap_net_bind_service'],
  });
});

test('a port that root can have and the service cannot is told', () => {
  const look = (port: number, load: string, rights: string): unknown =>
    lowPortFinding('ACME port', port, rightsIn(shown(load, rights), 1_024));
  expect(look(1_024, 'loaded', '')).toBeNull();
  expect(look(80, 'not-found', '')).toBeNull();
  expect(look(80, 'loaded', 'cap_net_bind_service')).toBeNull();
  expect(look(80, 'loaded', '')).toMatchObject({
    verdict: 'bad',
    text: expect.stringContaining('install.sh --acme') as string,
  });
});
