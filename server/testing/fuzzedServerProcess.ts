import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serverLimits, type BucketLimits, type ServerLimits } from '../limits.js';
import type { FromFuzzedServer, FuzzedMemory } from './fuzzedServer.js';
import { startTestServer } from './testServer.js';

const endless: BucketLimits = { perSecond: 1e6, burst: 1e6, refusedMax: 0 };

/** Its rooms are few, so that what is made of them reaches its bound soon. */
const roomsMax = 256;
const connectionsMax = 10_000;

function lenientLimits(): Partial<ServerLimits> {
  const { quic, lanes, session, state } = serverLimits;
  return {
    quic: {
      ...quic,
      connectionsPerAddressMax: connectionsMax,
      handshakesPerAddressMax: connectionsMax,
    },
    lanes: {
      commands: { ...lanes.commands, pace: endless },
      acks: { ...lanes.acks, pace: endless },
      bulk: { ...lanes.bulk, pace: endless },
    },
    controlMessages: endless,
    session: { ...session, closeLingerMs: 5 },
    state: { ...state, roomsMax },
  };
}

function memory(collect: () => void): FuzzedMemory {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed + external, anonymousBytes: anonymousBytes() };
}

function anonymousBytes(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}

function say(message: FromFuzzedServer): void {
  process.send?.(message);
}

async function serve(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const server = await startTestServer({}, lenientLimits());
  process.on('message', () => say({ type: 'memory', ...memory(collect) }));
  process.once('disconnect', () => void server.close());
  say({ type: 'started', port: server.running.info.quic.port });
}

await serve();
