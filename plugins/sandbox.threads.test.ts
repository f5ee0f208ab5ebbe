import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineModule } from './examineModule.js';
import { pluginLimits } from './limits.js';
import { PluginStage } from './testing/pluginStage.js';
import {
  allocImport,
  buildModule,
  endless,
  endlessTailCalls,
  hostImport,
  inputLengthImport,
  logImport,
  op,
  saying,
  storeImport,
} from './testing/wasmBuilder.js';

/* What a hostile plugin tries, each in a thread of its own; the host goes on. */

const roomId = '0196c1d4-0000-7000-8000-000000000001';
const event = { type: 'message' } as const;
let stage: PluginStage;

beforeAll(() => {
  stage = new PluginStage();
});

afterAll(async () => {
  await stage.close();
});

/** Of a module whose imports begin with these two, as saying() wants it. */
const talking = (name: string, said: string) =>
  buildModule({
    imports: [allocImport, storeImport, hostImport(name)],
    body: [saying(2, said), op.drop],
  });

describe('a plugin', () => {
  test('does what it may', async () => {
    const module = talking('sendText', JSON.stringify({ roomId, text: 'hello' }));
    const { plugin, actions, offReasons } = await stage.run(module, { permissions: ['sendText'] });
    plugin.send(event);
    await plugin.idle();
    const said = { name: 'sendText', input: { roomId, text: 'hello' } };
    // Once for its start, once for the event.
    expect(actions).toEqual([said, said]);
    expect([plugin.counts.faults, offReasons]).toEqual([0, []]);
  });

  test('is refused what it has no permission for', async () => {
    const module = talking('sendText', JSON.stringify({ roomId, text: 'hello' }));
    const { plugin, actions } = await stage.run(module, { permissions: ['storage'] });
    plugin.start();
    await plugin.idle();
    expect(actions).toEqual([]);
    expect(plugin.counts).toMatchObject({ refused: 1, faults: 0 });
  });

  test.each([
    ['text that is no JSON', 'sendText', '{'],
    ['a field that is too long', 'sendText', JSON.stringify({ roomId, text: 'x'.repeat(5_000) })],
    ['a wrong id', 'sendText', JSON.stringify({ roomId: '../../x', text: 'x' })],
    ['a field too many', 'sendText', JSON.stringify({ roomId, text: 'x', as: 'somebody' })],
    ['a prototype', 'sendText', `{"roomId":"${roomId}","text":"x","__proto__":{"isOwner":true}}`],
    ['what every object has', 'sendText', `{"roomId":"${roomId}","text":"x","constructor":{}}`],
  ])('is refused %s', async (_what, name, said) => {
    const { plugin, actions } = await stage.run(talking(name, said), { permissions: ['sendText'] });
    plugin.start();
    await plugin.idle();
    expect(actions).toEqual([]);
    expect(plugin.counts).toMatchObject({ refused: 1, faults: 0 });
  });

  test.each([
    ['goes round', endless],
    ['calls itself in its own place', endlessTailCalls],
  ])('that %s without end is ended in time, and switched off', async (_what, spinning) => {
    const module = buildModule({ body: [spinning] });
    const { plugin, offReasons } = await stage.run(module, {
      limits: { callMsMax: 20, faultsMax: 2 },
    });
    plugin.send(event);
    // The host's thread answers all the while.
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await plugin.idle();
    clearInterval(turning);
    expect(turns).toBeGreaterThan(0);
    expect(plugin.counts).toMatchObject({ late: 2, faults: 2, longestMs: 20 });
    expect(plugin.counts.busyMs).toBeGreaterThanOrEqual(40);
    expect(offReasons).toEqual([expect.stringMatching(/after 2 faults.*longer than 20 ms/)]);
    plugin.send(event);
    await plugin.idle();
    expect(plugin.counts.faults).toBe(2);
  });

  test('that is a burden to compile is refused before that', () => {
    // Each branch has the compiler keep where all values are that stand under it.
    const standing = Array<readonly number[]>(16_000).fill(op.i32(0));
    const branches = Array<readonly number[]>(6_000).fill([
      ...[...op.i32(0), ...op.ifThen, ...op.end],
    ]);
    const module = buildModule({
      body: [...standing, ...branches, ...standing.map(() => op.drop)],
    });
    expect(() => examineModule(module, pluginLimits, [])).toThrow(/32768 are the most/);
  });

  test('that spins before it has started is ended, too', async () => {
    const module = buildModule({ startBody: [endless] });
    const limits = { startMsMax: 300, faultsMax: 1 };
    const { plugin, offReasons } = await stage.run(module, { limits });
    plugin.start();
    await plugin.idle();
    expect(offReasons).toHaveLength(1);
  });

  const hostile: readonly [string, Uint8Array, RegExp][] = [
    ['calls itself without end', buildModule({ body: [op.call(0), op.drop] }), /call stack/i],
    [
      'grows its memory without end',
      // Grows by a page until it is refused (-1), then fails.
      buildModule({
        memory: [1, 1, 4],
        body: [
          op.loop,
          [...op.i32(1), ...op.memoryGrow, ...op.i32(-1), ...op.i32Eq],
          [...op.ifThen, ...op.unreachable, ...op.end, ...op.br0],
          op.end,
        ],
      }),
      /unreachable/,
    ],
    [
      'has the host take memory without end',
      buildModule({
        imports: [allocImport],
        body: [op.loop, [...op.i64(65_536n), ...op.call(0), ...op.drop], op.br0, op.end],
      }),
      /more than 4194304 bytes/,
    ],
    [
      'has the host take very much at once',
      buildModule({ imports: [allocImport], body: [op.i64(1n << 40n), op.call(0), op.drop] }),
      /more than 4194304 bytes/,
    ],
    [
      'has the host take less than nothing',
      buildModule({ imports: [allocImport], body: [op.i64(-1n), op.call(0), op.drop] }),
      /more than 4194304 bytes/,
    ],
    ...[99n << 48n, 0x7fff_0000_0000_0000n, -1n, -(1n << 62n)].map(
      (address): [string, Uint8Array, RegExp] => [
        `names memory at ${address} that is not its own`,
        buildModule({
          imports: [hostImport('sendText')],
          body: [op.i64(address), op.call(0), op.drop],
        }),
        /not in its memory/,
      ],
    ),
    [
      'writes beyond its block',
      buildModule({
        imports: [allocImport, storeImport],
        body: [
          [...op.i64(8n), ...op.call(0), ...op.i64(1n << 20n), ...op.i64Add],
          [...op.i32(1), ...op.call(1)],
        ],
      }),
      /out of(?: the)? bounds|Offset/i,
    ],
    [
      'hands over a giant text',
      buildModule({
        imports: [allocImport, hostImport('sendText')],
        body: [op.i64(1_048_576n), op.call(0), op.call(1), op.drop],
      }),
      /more than 65536 bytes/,
    ],
    [
      'asks without end',
      buildModule({
        imports: [allocImport, hostImport('listRooms')],
        body: [
          [...op.i64(2n), ...op.call(0), ...op.localSet0],
          [...op.loop, ...op.localGet0, ...op.call(1), ...op.drop, ...op.br0, ...op.end],
        ],
      }),
      /asked more than 64 times/,
    ],
  ];
  test.each(hostile)('that %s fails alone', async (_what, module, why) => {
    const limits = { faultsMax: 1, callMsMax: 5_000 };
    const { plugin, offReasons } = await stage.run(module, { limits, permissions: ['sendText'] });
    plugin.start();
    await plugin.idle();
    expect(offReasons).toEqual([expect.stringMatching(why)]);
    expect(plugin.log.lines).toEqual([expect.objectContaining({ level: 'error' })]);
  });

  test('floods its log with a few lines, and nothing else', async () => {
    const module = buildModule({
      imports: [allocImport, logImport],
      body: [
        op.loop,
        [...op.i64(100_000n), ...op.call(0), ...op.localSet0, ...op.localGet0, ...op.call(1)],
        [...op.br0, ...op.end],
      ],
    });
    const limits = { faultsMax: 1, callMsMax: 5_000, logLineCharsMax: 10 };
    const { plugin } = await stage.run(module, { limits });
    plugin.start();
    await plugin.idle();
    const lines = plugin.log.lines.filter(({ level }) => level === 'info');
    expect(lines.length).toBeLessThanOrEqual(32);
    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThanOrEqual(10);
  });

  test('is given no event that is too long, and a refusal for an answer that is', async () => {
    const module = talking('listRooms', '{}');
    const { plugin } = await stage.run(module, {
      permissions: ['readRooms'],
      limits: { answerBytesMax: 100, storeValueBytesMax: 50 },
      carryOut: () => ({ ok: true, rooms: 'x'.repeat(1_000) }),
    });
    plugin.send({ type: 'message', text: 'x'.repeat(100_000) });
    await plugin.idle();
    expect(plugin.counts).toMatchObject({ faults: 0, dropped: 1, events: 1 });
  });

  test('cannot see what another one keeps', async () => {
    const keeping = talking('kvSet', JSON.stringify({ key: 'secret', value: 'of the first' }));
    const first = await stage.run(keeping, { permissions: ['storage'] });
    const second = await stage.run(talking('kvGet', JSON.stringify({ key: 'secret' })), {
      permissions: ['storage'],
    });
    first.plugin.start();
    await first.plugin.idle();
    second.plugin.start();
    await second.plugin.idle();
    expect(first.store.get('secret')).toBe('of the first');
    expect(second.store.get('secret')).toBeNull();
    expect(second.plugin.counts).toMatchObject({ refused: 0, faults: 0 });
  });

  test('that was switched off does nothing more, also where it had asked already', async () => {
    const said = JSON.stringify({ roomId, text: 'still here' });
    const logged = [...op.i64(1n), ...op.call(0), ...op.call(3)];
    const module = buildModule({
      imports: [allocImport, storeImport, hostImport('sendText'), logImport],
      body: [logged, saying(2, said), op.drop],
    });
    for (let times = 0; times < 10; times += 1) {
      const { plugin, actions } = await stage.run(module, { permissions: ['sendText'] });
      const closed = new Promise<void>((resolve) => {
        const { log } = plugin;
        const note = log.note.bind(log);
        // In the very turn in which its line comes; what it asks for is under way then.
        log.note = (...line) => {
          resolve(plugin.close());
          return note(...line);
        };
      });
      plugin.start();
      await closed;
      await plugin.idle();
      expect(actions).toEqual([]);
    }
  });

  test('has events wait within a bound, the oldest dropped and counted', async () => {
    const { plugin } = await stage.run(buildModule(), { limits: { queueMax: 3 } });
    for (let sent = 0; sent < 10; sent += 1) plugin.send(event);
    await plugin.idle();
    // Its start, and the newest three.
    expect(plugin.counts).toMatchObject({ dropped: 7, events: 4 });
  });

  test('is forgiven a fault for many events without, and only then', async () => {
    // Takes as much memory of the host as its event is long, so it fails at long ones.
    const module = buildModule({
      imports: [allocImport, inputLengthImport],
      body: [op.call(1), op.call(0), op.drop],
    });
    const limits = { faultsMax: 2, goodCallsPerFault: 2, blockBytesMax: 1_000 };
    const { plugin, offReasons } = await stage.run(module, { limits });
    const send = async (...lengths: readonly number[]): Promise<void> => {
      for (const length of lengths) plugin.send({ type: 'message', text: 'x'.repeat(length) });
      await plugin.idle();
    };
    await send(2_000, 1, 1, 2_000, 1, 1, 2_000, 1, 1);
    expect([plugin.counts.faults, offReasons]).toEqual([3, []]);
    await send(2_000, 1, 2_000);
    expect(offReasons).toHaveLength(1);
  });
});
