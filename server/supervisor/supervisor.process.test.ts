import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { supervisorLimits } from '../processLimits.js';
import { restartSignal } from '../program.js';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { VoicePeer } from '../testing/relayStage.js';
import { testOptions, programs, ServerProcess } from '../testing/serverProcess.js';
import { createIdentity, type LoginOptions } from '../testing/testClient.js';
import { openTestClients, type TestClients } from '../testing/testServer.js';

const stallHook = fileURLToPath(new URL('../testing/stallHook.js', import.meta.url));

let directory = '';
let server: ServerProcess;
let clients: TestClients | null = null;
let peers: LoopbackPeer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-supervisor-'));
});

afterEach(async () => {
  await clients?.close();
  clients = null;
  for (const peer of peers) await peer.close();
  peers = [];
  server.kill('SIGTERM');
  await server.exited;
  rmSync(directory, { recursive: true });
});

/** The supervisor with a server whose main thread can be stalled, for these times one by one. */
function start(stallsMs: string, ...options: string[]): ServerProcess {
  server = new ServerProcess({
    program: programs.supervisor,
    nodeArgs: ['--import', stallHook],
    args: ['--json', '--data', directory, ...testOptions, ...options],
    variables: { STALLS_MS: stallsMs },
  });
  return server;
}

/** A server that is loaded well, and then neither starts nor hears what it is told. */
const hangingServer = `
  for (const signal of ['SIGUSR1', 'SIGTERM']) process.on(signal, () => undefined);
  process.on('message', () => console.error('hangs'));
  process.send({ type: 'loaded' });
`;

/** Starts what is installed in the directory. @returns the file of its server */
function startInstalled(): string {
  const bin = join(directory, 'bin');
  const main = join(directory, 'node_modules/@rookery/server/dist/main.js');
  mkdirSync(bin);
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(join(directory, 'release.json'), '{}');
  symlinkSync(process.execPath, join(bin, 'node'));
  symlinkSync(programs.server, main);
  const program = join(bin, 'rookery.mjs');
  const source = JSON.stringify(pathToFileURL(programs.supervisor).href);
  const limits = JSON.stringify({ ...supervisorLimits, exchangeMsMax: 2_000 });
  const text = `import { superviseServer } from ${source};
    process.exit(await superviseServer(process.argv.slice(2), ${limits}));`;
  writeFileSync(program, text);
  const args = ['--json', '--data', join(directory, 'data'), ...testOptions];
  server = new ServerProcess({ program, args });
  return main;
}

/** Process ids of the servers that were started, the latest last. */
function serverIds(): number[] {
  return [...server.stderr.matchAll(/^loaded main\.js (\d+)$/gm)].map(([, id]) => Number(id));
}

/** A session in the lobby, heard by a Ping, on real sockets. */
async function joinLobby(voicePort: number, options: LoginOptions = {}): Promise<LoopbackPeer> {
  const client = await clients!.connect();
  await client.login(options);
  await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const { sessionToken, hopKey } = client.authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('a supervised server', () => {
  test('relays voice while its main thread stalls for 5 s', async () => {
    const { quic, voice } = await start('5000').started();
    clients = await openTestClients(quic.port);
    const speaker = await joinLobby(voice.port);
    const listener = await joinLobby(voice.port);
    process.kill(serverIds()[0]!, 'SIGUSR2');
    await server.until(() => server.stderr.includes('stalls'));
    let sent = 0;
    while (!server.stderr.includes('goes on')) {
      speaker.send(speaker.peer.voice());
      sent += 1;
      await pause(20);
    }
    await speaker.ping();
    await listener.ping();
    // Packets may be lost on loopback too, on a machine that is busy with much else.
    expect(sent).toBeGreaterThan(10);
    expect(listener.heard.length).toBeGreaterThan(0.9 * sent);
    expect(serverIds()).toHaveLength(1);
  });

  test('is started again when it stands still, as the same server on the same ports', async () => {
    const identity = createIdentity();
    const before = await start('600000').started();
    clients = await openTestClients(before.quic.port);
    await joinLobby(before.voice.port, { identity });
    process.kill(serverIds()[0]!, 'SIGUSR2');
    const after = await server.started(2);
    expect(after).toEqual(before);
    expect(server.stderr).toContain('the main thread stands still');
    expect(server.stderr).toContain('The server stood still and is started again');
    const speaker = await joinLobby(after.voice.port, { identity });
    const listener = await joinLobby(after.voice.port);
    speaker.send(speaker.peer.voice());
    await speaker.ping();
    await listener.ping();
    expect(listener.heard).toHaveLength(1);
  });

  test('is started again when it is killed, and stops when it is told to', async () => {
    await start('').started();
    process.kill(serverIds()[0]!, 'SIGKILL');
    await server.started(2);
    expect(serverIds()).toHaveLength(2);
    server.kill('SIGINT');
    expect(await server.exited).toBe(0);
    expect(readdirSync(join(directory, 'lock'))).toEqual([]);
  });

  test('is started anew, on the same ports, when that is asked for', async () => {
    const before = await start('').started();
    server.kill(restartSignal);
    expect(await server.started(2)).toEqual(before);
    expect(server.stderr).toContain('The server is started anew.');
    expect(server.stderr).toContain(`"signal":"${restartSignal}"`);
    // Who waits for the one that follows does not wait for the threads of its relays.
    const whileOneRan = server.stderr.slice(0, server.stderr.indexOf('"msg":"stopping"'));
    expect(whileOneRan).toContain(`has a thread main.js ${serverIds()[1]}`);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('goes on where what is installed to follow it cannot be loaded', async () => {
    const main = startInstalled();
    const { admin } = await server.started();
    rmSync(main);
    writeFileSync(main, 'throw new Error("broken");');
    server.kill(restartSignal);
    await server.until(() => server.stderr.includes('the one that runs goes on'));
    expect((await fetch(`http://127.0.0.1:${admin.port}/health`)).status).toBe(200);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('that hangs as it starts is killed for what is installed to follow it', async () => {
    const main = startInstalled();
    const before = await server.started();
    rmSync(main);
    writeFileSync(main, hangingServer);
    server.kill(restartSignal);
    await server.until(() => server.stderr.includes('hangs'));
    rmSync(main);
    symlinkSync(programs.server, main);
    server.kill(restartSignal);
    expect(await server.started(2)).toEqual(before);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('stops by itself when its supervisor is gone', async () => {
    await start('').started();
    server.kill('SIGKILL');
    // Its output is closed once the server, which has it too, is gone.
    await server.exited;
    expect(server.stderr).toContain('"signal":"supervisorGone"');
    expect(readdirSync(join(directory, 'lock'))).toEqual([]);
  });

  test('that ends soon again and again is given up', async () => {
    start('');
    for (let times = 1; times <= 6; times++) {
      await server.started(times);
      process.kill(serverIds().at(-1)!, 'SIGKILL');
    }
    expect(await server.exited).toBe(1);
    expect(server.stderr).toContain('the 6th time soon after its start.');
  });

  test('is not started again when a stop is asked for meanwhile', async () => {
    start('');
    for (let times = 1; times <= 4; times++) {
      await server.started(times);
      process.kill(serverIds().at(-1)!, 'SIGKILL');
    }
    await server.until(() => server.stderr.includes('in 800 ms'));
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(serverIds()).toHaveLength(4);
  });

  test('that cannot run is not started again', async () => {
    start('', '--relay-workers', 'many');
    expect(await server.exited).toBe(2);
    expect(serverIds()).toHaveLength(1);
  });
});
