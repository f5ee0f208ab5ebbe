import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
import type { TrustQuestion } from './engineOptions.js';
import { parseServerAddress } from './serverAddress.js';
import { readServerCard } from './serverCard.js';
import { listKnownServers } from './serverPins.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'), ['--name', 'Rook']);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const timeoutMs = 5_000;
const address = () => parseServerAddress(server.address);

function engineOf(profile: string, trust: TrustQuestion): Engine {
  const profileFolder = scratch.in(profile);
  return openEngine({ profileFolder, clientName: 'test', timeoutMs, reconnectMs: 0, trust });
}

const look = () => {
  const { signal } = new AbortController();
  return readServerCard({ address: address(), timeoutMs, signal });
};

describe('a server that was never met', () => {
  test('is told nothing until the user trusts it, and is known from then on', async () => {
    const asked: string[] = [];
    let isTrusted = false;
    const engine = engineOf('asked', async ({ fingerprint }) => {
      asked.push(fingerprint);
      expect(engine.state.connection).toMatchObject({ phase: 'connecting', step: 'trusting' });
      expect((await look()).card?.members).toBe(0);
      return isTrusted;
    });
    const connect = () => engine.connect({ address: address(), displayName: 'Ada' });
    await expect(connect()).rejects.toMatchObject({ code: 'serverUnknown' });
    expect(await listKnownServers(scratch.in('asked'))).toEqual([]);
    isTrusted = true;
    await connect();
    expect(engine.state.connection).toMatchObject({ phase: 'connected', pin: 'remembered' });
    await engine.close();
    await connect();
    expect(engine.state.connection).toMatchObject({ phase: 'connected', pin: 'known' });
    expect(asked).toEqual([server.fingerprint, server.fingerprint]);
    await engine.close();
  });

  test('is asked about until one does not want to know any more', async () => {
    const engine = engineOf('stopped', (_, signal) => {
      void engine.close();
      return new Promise((resolve) => {
        if (signal.aborted) resolve(true);
        signal.addEventListener('abort', () => resolve(true));
      });
    });
    const connecting = engine.connect({ address: address(), displayName: 'Ada' });
    await expect(connecting).rejects.toMatchObject({ code: 'disconnected' });
    expect(engine.state.connection).toEqual({ phase: 'idle' });
  });

  test('needs no question where a link says its fingerprint', async () => {
    const engine = engineOf('invited', () => Promise.reject(new Error('asked')));
    const expectedFingerprint = server.fingerprint;
    await engine.connect({ address: address(), displayName: 'Ada', expectedFingerprint });
    expect(engine.state.connection).toMatchObject({ pin: 'remembered' });
    await engine.close();
  });
});

describe('the card of a server', () => {
  test('is read without a login', async () => {
    const { fingerprints, roundTripMs, card } = await look();
    expect(fingerprints.key).toBe(server.fingerprint);
    expect(roundTripMs).toBeGreaterThan(0);
    expect(card).toMatchObject({ serverName: 'Rook', passwordRequired: false, protocolVersion: 1 });
  });

  test('is given up with the signal', async () => {
    const signal = AbortSignal.abort();
    const reading = readServerCard({ address: address(), timeoutMs, signal });
    await expect(reading).rejects.toMatchObject({ code: 'disconnected' });
  });
});
