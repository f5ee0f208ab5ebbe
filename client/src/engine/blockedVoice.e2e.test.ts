import { setTimeout as delay } from 'node:timers/promises';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { VoicePortBlock } from '../testing/voicePortBlock.js';
import { openEngine, type Engine } from './engine.js';
import { parseServerAddress } from './serverAddress.js';

let scratch: ScratchFolder;
let server: TestServer;
let members: Member[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterEach(async () => {
  await Promise.all(members.map(({ engine }) => engine.close()));
  members = [];
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

interface Member {
  readonly engine: Engine;
  readonly block: VoicePortBlock;
  /** First bytes of the frames heard, by what they name their speaker with. */
  readonly heard: number[];
}

/** Somebody in the Lobby with voice. */
async function join(name: string, isBlocked: boolean): Promise<Member> {
  const block = new VoicePortBlock();
  block.isBlocked = isBlocked;
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 8_000,
    reconnectMs: 0,
    openVoiceSocket: block.openSocket,
  });
  const heard: number[] = [];
  members.push({ engine, block, heard });
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  await engine.joinRoom(rootRoomId);
  await engine.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
  return members.at(-1)!;
}

let timestamp = 0;
function speak({ engine }: Member, mark: number): void {
  timestamp += 960;
  engine.sendFrame({ payload: Uint8Array.of(mark), timestamp, level: 3, endOfSpurt: false });
}

const pathOf = ({ engine }: Member): string =>
  engine.state.voice.phase === 'open' ? engine.state.voice.path : engine.state.voice.phase;

async function untilPath(member: Member, path: string): Promise<void> {
  await vi.waitFor(() => expect(pathOf(member)).toBe(path), { timeout: 30_000 });
}

describe('a room with members whose voice port is blocked', () => {
  it('hears each of them, on whatever way they speak', async () => {
    const open = await join('Anna', false);
    const blocked = await join('Berta', true);
    const alsoBlocked = await join('Carla', true);
    expect([open, blocked, alsoBlocked].map(pathOf)).toEqual(['udp', 'quic', 'quic']);
    for (const [mark, member] of members.entries()) {
      speak(member, mark);
      await member.engine.drainVoice();
    }
    await vi.waitFor(() => expect(open.heard).toEqual([1, 2]));
    await vi.waitFor(() => expect(blocked.heard).toEqual([0, 2]));
    await vi.waitFor(() => expect(alsoBlocked.heard).toEqual([0, 1]));
  });

  it('goes on when a port is blocked in the middle, and when it opens again', async () => {
    const anna = await join('Anna', false);
    const berta = await join('Berta', false);
    expect(pathOf(anna)).toBe('udp');
    const talk = new AbortController();
    const talking = (async () => {
      while (!talk.signal.aborted) {
        speak(anna, 7);
        speak(berta, 8);
        await delay(20);
      }
    })();
    const soundsBothWays = async (): Promise<void> => {
      for (const { heard } of [anna, berta]) {
        heard.length = 0;
        await vi.waitFor(() => expect(heard.length).toBeGreaterThan(20), { timeout: 10_000 });
      }
    };
    await soundsBothWays();
    anna.block.isBlocked = true;
    await untilPath(anna, 'quic');
    await soundsBothWays();
    anna.block.isBlocked = false;
    await untilPath(anna, 'udp');
    await soundsBothWays();
    talk.abort();
    await talking;
    expect(anna.engine.voiceCounters).toMatchObject({ droppedFalseSeal: 0, unsentDatagrams: 0 });
  });
});
