import { expect, test } from 'vitest';
import { echoFindings } from './udpEcho.js';

/** For documents alone: no machine has it (RFC 5737). */
const nowhere = '203.0.113.77';

test('datagrams come back over loopback', async () => {
  const [ipv4, ipv6] = await echoFindings(['127.0.0.1']);
  expect(ipv4).toMatchObject({ verdict: 'good', text: 'comes back from 127.0.0.1.' });
  expect(ipv6).toMatchObject({
    verdict: 'good',
    text: expect.stringContaining('no such') as string,
  });
});

test('an address that answers nothing is named', async () => {
  const [ipv4] = await echoFindings(['127.0.0.1', nowhere]);
  expect(ipv4).toMatchObject({
    verdict: 'bad',
    text: expect.stringMatching(/from 203\.0\.113\.77 \(.*firewall/) as string,
  });
});

test('looks at the addresses that the machine has', async () => {
  const [ipv4] = await echoFindings();
  expect(ipv4!.text).toContain('127.0.0.1');
});
