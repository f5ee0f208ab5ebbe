import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startQuicClient, startQuicServer } from './quicDriver.js';
import type { QuicClientStart, QuicDriver, QuicServerStart } from './quicDriver.js';
import { createQuicClient } from './quicEndpoint.js';
import { defaultQuicLimits } from './quicLimits.js';
import type { QuicEvent, QuicServerTls } from './quicTypes.js';
import { makeTestCertificate } from './testing/testCertificate.js';
import type { UdpAddress } from './udpSocket.js';

let tls: QuicServerTls & { readonly fingerprint: Uint8Array };
const started: QuicDriver[] = [];

beforeAll(async () => {
  tls = await makeTestCertificate();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((driver) => driver.close(0, '')));
});

/** A driver whose events can be waited for. */
class Party {
  readonly events: QuicEvent[] = [];
  driver!: QuicDriver;
  #onChange: () => void = () => undefined;

  readonly onEvent = (event: QuicEvent): void => {
    this.events.push(event);
    this.answer(event);
    this.#onChange();
  };

  answer: (event: QuicEvent) => void = () => undefined;

  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#onChange = resolve));
    }
  }

  async event<T extends QuicEvent['type']>(type: T): Promise<Extract<QuicEvent, { type: T }>> {
    return await this.until(() =>
      this.events.find((event): event is Extract<QuicEvent, { type: T }> => event.type === type),
    );
  }
}

async function startServer(options: Partial<QuicServerStart> = {}): Promise<Party> {
  const party = new Party();
  party.driver = await startQuicServer({
    host: '127.0.0.1',
    port: 0,
    tls,
    alpn: 'rookery-test',
    limits: defaultQuicLimits,
    ticketKey: new Uint8Array(48).fill(5),
    onEvent: party.onEvent,
    ...options,
  });
  started.push(party.driver);
  return party;
}

async function startClient(options: Partial<QuicClientStart> = {}): Promise<Party> {
  const party = new Party();
  party.driver = await startQuicClient({
    alpn: 'rookery-test',
    limits: defaultQuicLimits,
    onEvent: party.onEvent,
    ...options,
  });
  started.push(party.driver);
  return party;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What a client sends first. */
function firstPacketTo(remote: UdpAddress): Uint8Array {
  const localAddress = { host: '127.0.0.1', port: 9 };
  const limits = defaultQuicLimits;
  const endpoint = createQuicClient({ alpn: 'rookery-test', limits, localAddress });
  endpoint.connect(remote, 'rookery.test', performance.now());
  const sent: Uint8Array[] = [];
  endpoint.flush(performance.now(), (packet, length) => sent.push(packet.slice(0, length)));
  return sent[0]!;
}

const hello = new TextEncoder().encode('hello');

describe('QUIC driver on loopback', () => {
  it('connects, answers on a stream and closes with a code', async () => {
    const server = await startServer();
    server.answer = (event) => {
      if (event.type !== 'stream') return;
      server.driver.endpoint.write(event.connection, event.stream, event.bytes, true);
    };
    const client = await startClient();
    const connection = client.driver.connect(server.driver.socket.localAddress, 'rookery.test');
    const { certificate } = await client.event('connected');
    expect(certificate?.fingerprint).toEqual(tls.fingerprint);
    const stream = client.driver.endpoint.openBidi(connection);
    expect(client.driver.endpoint.write(connection, stream, hello, true)).toBe(true);
    client.driver.wake();
    const answer = await client.event('stream');
    expect({ ...answer, bytes: text(answer.bytes) }).toMatchObject({
      stream,
      bytes: 'hello',
      fin: true,
      early: false,
    });
    await client.driver.close(42, 'done');
    const { close } = await server.event('closed');
    expect(close).toEqual({ by: 'peer', isApplication: true, code: 42, reason: 'done' });
  });

  it('carries datagrams both ways', async () => {
    const server = await startServer();
    server.answer = (event) => {
      const { endpoint } = server.driver;
      if (event.type === 'datagram') endpoint.sendDatagram(event.connection, event.bytes);
      if (event.type === 'stream') endpoint.write(event.connection, event.stream, event.bytes);
    };
    const client = await startClient();
    const { endpoint } = client.driver;
    const connection = client.driver.connect(server.driver.socket.localAddress, 'rookery.test');
    await client.event('connected');
    // A datagram beside the last packets of the handshake may get lost even here.
    endpoint.write(connection, endpoint.openBidi(connection), hello);
    client.driver.wake();
    await client.event('stream');
    expect(endpoint.sendDatagram(connection, hello)).toBe(true);
    client.driver.wake();
    expect(text((await client.event('datagram')).bytes)).toBe('hello');
  });

  it('serves who is preferred before those who came before it', async () => {
    const server = await startServer();
    const client = await startClient();
    const { endpoint, socket } = client.driver;
    const remote = server.driver.socket.localAddress;
    const connection = client.driver.connect(remote, 'rookery.test');
    const { connection: onServer } = await server.event('connected');
    await client.event('connected');
    server.driver.endpoint.prefer(onServer);
    const knocks = 30;
    const knocked = server.driver.endpoint.counters.retriesSent;
    let retriesBefore = -1;
    server.answer = (event) => {
      if (event.type === 'stream') retriesBefore = server.driver.endpoint.counters.retriesSent;
    };
    // All of it goes out in one turn, and so it comes.
    const knock = firstPacketTo(remote);
    for (let i = 0; i < knocks; i++) socket.send(knock, 0, knock.length, remote);
    endpoint.write(connection, endpoint.openUni(connection), hello);
    client.driver.wake();
    await server.event('stream');
    expect(retriesBefore).toBe(knocked);
    // The others have their turn too.
    await expect.poll(() => server.driver.endpoint.counters.retriesSent).toBe(knocked + knocks);
  });

  it('serves IPv4 and IPv6 clients on one dual-stack port', async () => {
    const server = await startServer({ host: '::' });
    const { host: boundHost, port } = server.driver.socket.localAddress;
    const hosts = boundHost === '::' ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
    for (const host of hosts) {
      const remote = { host, port };
      const client = await startClient({ remote });
      client.driver.connect(remote, 'rookery.test');
      expect((await client.event('connected')).remote).toEqual(remote);
    }
    await server.until(() =>
      server.driver.endpoint.counters.established === hosts.length ? true : undefined,
    );
    expect(server.events.map((event) => event.type === 'connected' && event.remote.host)).toEqual(
      hosts,
    );
  });

  // Elsewhere loopback has one address.
  it.runIf(process.platform === 'linux')('connects from the address that it is given', async () => {
    const server = await startServer();
    const client = await startClient({ localHost: '127.0.0.2' });
    client.driver.connect(server.driver.socket.localAddress, 'rookery.test');
    expect((await server.event('connected')).remote.host).toBe('127.0.0.2');
  });

  it('tells its clients when it stops, and puts out what was written before', async () => {
    const server = await startServer();
    const clients = await Promise.all([startClient(), startClient(), startClient()]);
    for (const client of clients) {
      client.driver.connect(server.driver.socket.localAddress, 'rookery.test');
      await client.event('connected');
    }
    const { endpoint } = server.driver;
    await server.until(() => (endpoint.counters.established === 3 ? true : undefined));
    const { connection } = await server.event('connected');
    const stream = endpoint.openUni(connection);
    endpoint.write(connection, stream, hello);
    await server.driver.close(7, 'stopping');
    for (const client of clients) {
      expect((await client.event('closed')).close).toMatchObject({ by: 'peer', code: 7 });
    }
    const heard = clients.flatMap(({ events }) =>
      events.filter((event) => event.type === 'stream').map(({ bytes }) => text(bytes)),
    );
    expect(heard).toEqual(['hello']);
  });

  it('gives up on a server that is not there', async () => {
    const silent = await startServer();
    const remote = silent.driver.socket.localAddress;
    await silent.driver.close(0, '');
    const client = await startClient({ limits: { ...defaultQuicLimits, handshakeTimeoutMs: 200 } });
    client.driver.connect(remote, 'rookery.test');
    expect((await client.event('closed')).close).toMatchObject({ by: 'handshakeTimeout' });
  });

  it('makes no connection that nobody would hear of', async () => {
    const client = await startClient();
    const closed = client.driver.close(0, '');
    const remote = { host: '127.0.0.1', port: 9 };
    expect(() => client.driver.connect(remote, 'rookery.test')).toThrow('the driver is closed');
    await closed;
  });

  it('closes its socket when the endpoint cannot be made', async () => {
    const broken = { certificate: 'no certificate', privateKey: 'no key' };
    await expect(startServer({ tls: broken })).rejects.toMatchObject({
      code: 'invalidCertificate',
    });
  });
});
