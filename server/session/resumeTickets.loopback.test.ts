import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { serverLimits, type ServerLimits } from '../limits.js';
import { createIdentity } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const password = 'open sesame';
let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(limits: Partial<ServerLimits> = {}): Promise<TestServer> {
  server = await startTestServer({ password }, limits);
  return server;
}

async function isLetIn(
  { connect }: TestServer,
  options: { identity: ReturnType<typeof createIdentity>; ticket: Uint8Array },
): Promise<boolean> {
  const client = await connect();
  const answer = await client.login(options);
  return answer.type === FrameType.AuthOk;
}

test('a ticket stands for the password, and gives another', async () => {
  const running = await start();
  const identity = createIdentity();
  const first = await running.join({ identity, password });
  const ticket = await first.ticket();
  const second = await running.join({ identity, ticket });
  expect(second.authOk).not.toBeNull();
  const next = await second.ticket();
  expect(next).not.toEqual(ticket);
  // The one before stays good until the next was used, because that one may have been lost.
  const third = await running.join({ identity, ticket });
  const latest = await third.ticket();
  expect(await isLetIn(running, { identity, ticket: next })).toBe(false);
  const fourth = await running.join({ identity, ticket: latest });
  await fourth.ticket();
  expect(await isLetIn(running, { identity, ticket })).toBe(false);
});

test('a ticket is worth nothing to another identity, and made up ones to nobody', async () => {
  const running = await start();
  const identity = createIdentity();
  const ticket = await (await running.join({ identity, password })).ticket();
  expect(await isLetIn(running, { identity: createIdentity(), ticket })).toBe(false);
  expect(await isLetIn(running, { identity, ticket: new Uint8Array(32) })).toBe(false);
  expect(await isLetIn(running, { identity, ticket })).toBe(true);
});

test('a ticket is good for its time only', async () => {
  const running = await start({ resume: { ...serverLimits.resume, ticketValidMs: 0 } });
  const identity = createIdentity();
  const ticket = await (await running.join({ identity, password })).ticket();
  expect(await isLetIn(running, { identity, ticket })).toBe(false);
});

test('a server without a password gives no tickets, and takes any', async () => {
  server = await startTestServer();
  const identity = createIdentity();
  const client = await server.join({ identity, ticket: new Uint8Array(32) });
  await client.command({ type: FrameType.SetSelfState, muted: true, deafened: false });
  const types = client.control.map(({ type }) => type);
  expect(types).not.toContain(FrameType.ResumeTicket);
});
