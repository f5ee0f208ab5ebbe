import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { readConfig } from '../config/loadConfig.js';
import type { DoctorFinding } from './findings.js';
import { portFindings } from './ports.js';
import type { ServiceRights } from './serviceRights.js';

const free = { host: '127.0.0.1', port: '0', 'voice-port': '0', 'admin-port': '0' };

async function look(
  options: Record<string, string>,
  rights: ServiceRights | null = null,
): Promise<Record<string, DoctorFinding>> {
  const around = { env: {}, homeDirectory: '/nowhere', workingDirectory: '/nowhere' };
  const given = { options: { ...free, ...options }, configFile: null };
  const findings = await portFindings(readConfig(given, around).config, () =>
    Promise.resolve(rights),
  );
  return Object.fromEntries(findings.map((finding) => [finding.subject, finding]));
}

/** Another program that speaks HTTP. */
async function answering(): Promise<Server> {
  const tcp = createServer((_asked, answer) => answer.end('{}')).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  return tcp;
}

function portOf(tcp: Server): string {
  return String((tcp.address() as AddressInfo).port);
}

test('ports that are free are so', async () => {
  const good = { verdict: 'good' };
  expect(await look({})).toEqual({
    'control port': expect.objectContaining(good) as object,
    'voice port': expect.objectContaining(good) as object,
    'admin port': expect.objectContaining(good) as object,
  });
});

test('ports that another program has are told', async () => {
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const [plain, secure] = [await answering(), await answering()];
  const findings = await look({
    'voice-port': String(udp.address().port),
    'admin-port': portOf(plain),
    'admin-tls-host': '127.0.0.1',
    'admin-tls-port': portOf(secure),
  });
  udp.close();
  for (const tcp of [plain, secure]) {
    tcp.close();
    tcp.closeAllConnections();
  }
  expect(findings).toMatchObject({
    'control port': { verdict: 'good' },
    'voice port': {
      verdict: 'bad',
      text: expect.stringMatching(/^cannot bind UDP .*another process/) as string,
    },
    'admin port': { verdict: 'bad' },
    'admin over TLS': { verdict: 'bad' },
  });
});

test('an address that the machine does not have is told', async () => {
  expect(await look({ host: '203.0.113.77' })).toMatchObject({
    'control port': { verdict: 'bad', text: expect.stringContaining('no such address') as string },
  });
});

test('the port of ACME is one that the installed service can have, too', async () => {
  const tcp = await answering();
  const port = portOf(tcp);
  const acme = { 'acme-domains': 'talk.example.org', 'acme-terms': 'agreed', 'acme-port': port };
  expect(await look(acme)).toMatchObject({ 'ACME port': { verdict: 'bad' } });
  tcp.close();
  await once(tcp, 'close');
  const rights = { user: 'rookery', capabilities: [], freePortsFrom: 1_024 };
  expect(await look(acme, rights)).toMatchObject({ 'ACME port': { verdict: 'good' } });
  expect(await look(acme, { ...rights, freePortsFrom: 65_536 })).toMatchObject({
    'ACME port': { verdict: 'bad', text: expect.stringContaining('not by rookery') as string },
  });
});
