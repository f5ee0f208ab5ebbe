import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { FrameType } from '@rookery/schemas/frameType';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { certificateIdentity } from '@rookery/transport/certificateIdentity';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiPrefix } from '../admin/api/adminApi.js';
import { ApiClient } from '../testing/apiClient.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

type TestCertificate = Awaited<ReturnType<typeof makeTestCertificate>>;

let folder = '';
let first: TestCertificate;
let server: TestServer;
const identity = createIdentity();
const name = 'Ada';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-swap-'));
  first = await makeTestCertificate();
  const certificateFiles = write(first);
  server = await startTestServer({ certificateFiles, adminTls: { host: '127.0.0.1', port: 0 } });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function write({ certificate, privateKey }: TestCertificate) {
  const files = { certificate: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, privateKey);
  return files;
}

/** As a SIGHUP has it do. */
function swap(next: TestCertificate): void {
  write(next);
  server.running.reloadCertificate();
}

async function writesInRoom(client: TestClient): Promise<boolean> {
  const { type } = await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  return type === FrameType.CommandDone;
}

async function openTls(): Promise<{ socket: TLSSocket; fingerprint: Uint8Array }> {
  const { port } = server.running.info.adminTls!;
  const socket = connectSecurely({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint } = certificateIdentity(socket.getPeerX509Certificate()!);
  return { socket, fingerprint };
}

test('a session goes on over a change of the certificate, and may resume after it', async () => {
  const ada = await server.join({ identity, displayName: name });
  const isInHandshake = server.connect();
  const next = await makeTestCertificate(first.privateKey);
  swap(next);
  expect(await writesInRoom(ada)).toBe(true);
  expect(ada.certificate?.fingerprint).toEqual(first.fingerprint);
  // Whichever certificate it was shown, that is what its login is bound to.
  expect((await (await isInHandshake).login()).type).toBe(FrameType.AuthOk);
  const bob = await server.join({ displayName: 'Bob' });
  expect(bob.certificate).toMatchObject({
    fingerprint: next.fingerprint,
    keyFingerprint: first.keyFingerprint,
  });
  ada.close(CloseCode.Lost);
  await ada.untilClosed();
  const continuedToken = ada.authOk!.sessionToken;
  const again = await server.join({ identity, displayName: name, continuedToken });
  expect(again.authOk?.continued).toBe(true);
  expect(again.self.roomId).toBe(rootRoomId);
  expect(again.certificate?.fingerprint).toEqual(next.fingerprint);
  expect(server.running.stats()).toMatchObject({
    certificate: { swaps: 1, source: 'files', reloadFault: null },
  });
});

test('a login is refused that is bound to another certificate than its connection', async () => {
  const early = await server.connect();
  const next = await makeTestCertificate(first.privateKey);
  swap(next);
  const { fingerprint } = next;
  expect((await early.login({ fingerprint })).type).toBe(FrameType.AuthFailed);
});

test('requests of the admin interface go on, and later ones are shown the new one', async () => {
  const { running } = server;
  const api = new ApiClient(running.info.admin.port);
  const owner = { ownerToken: running.ownerToken, name: 'Olga', password: 'tall trees, old' };
  expect(await api.login('/owner', owner)).toMatchObject({ status: 200 });
  const { port } = running.info.adminTls!;
  const headers = { authorization: `Bearer ${api.accessToken!}` };
  const events = httpsRequest({
    ...{ host: '127.0.0.1', port, path: `${apiPrefix}/events`, headers },
    ...{ rejectUnauthorized: false, agent: false },
  }).end();
  const [stream] = (await once(events, 'response')) as [IncomingMessage];
  await once(stream, 'data');
  const begun = await openTls();
  begun.socket.write('GET /live HTTP/1.1\r\nhost: localhost\r\n');
  const next = await makeTestCertificate();
  swap(next);
  begun.socket.write('connection: close\r\n\r\n');
  const [answer] = (await once(begun.socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
  expect(String(await once(stream, 'data'))).toContain('event: figures');
  const later = await openTls();
  expect([begun, later].map(({ fingerprint }) => fingerprintText(fingerprint))).toEqual(
    [first, next].map(({ fingerprint }) => fingerprintText(fingerprint)),
  );
  later.socket.destroy();
  begun.socket.destroy();
  stream.destroy();
});
