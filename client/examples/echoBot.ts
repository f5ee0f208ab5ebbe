// Says what it hears: in the room it repeats whatever somebody said, once they have finished.
//
//     node client/dist/examples/echoBot.js talk.example.org Lobby/Games
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEngine, type Engine } from '../src/engine/engine.js';
import { parseServerAddress } from '../src/engine/serverAddress.js';
import { findRoom, parseRoomPath } from '../src/engine/view.js';
import type { OutgoingFrame } from '../src/engine/voiceConnection.js';

/** Of one frame of 20 ms each: who talks longer hears the beginning. */
const framesMax = 30 * 50;
/** The last frame of what somebody says may be lost. */
const silenceMs = 500;
const samplesPerMs = 48;

/** Gathers what one speaker says, without listening to others meanwhile, and has it said. */
class Listener {
  private speaker: number | null = null;
  private heard: OutgoingFrame[] = [];
  private silence: NodeJS.Timeout | undefined;
  private saying = Promise.resolve();

  /** @param say is asked for one thing at a time. */
  constructor(private readonly say: (said: readonly OutgoingFrame[]) => Promise<void>) {}

  hear(token: number, timestamp: number, endOfSpurt: boolean, payload: Uint8Array): void {
    this.speaker ??= token;
    if (token !== this.speaker) return;
    clearTimeout(this.silence);
    // The payload is lent for this call only.
    const frame = { payload: payload.slice(), timestamp, level: 8, endOfSpurt };
    if (this.heard.length < framesMax) this.heard.push(frame);
    if (endOfSpurt) this.finish();
    else this.silence = setTimeout(() => this.finish(), silenceMs);
  }

  private finish(): void {
    const said = this.heard;
    this.speaker = null;
    this.heard = [];
    this.saying = this.saying.then(() => this.say(said));
  }
}

/** Sends frames as far from each other as they were spoken, and says that they were the last. */
async function say(engine: Engine, said: readonly OutgoingFrame[]): Promise<void> {
  const [first] = said;
  const startMs = performance.now();
  for (const [index, frame] of said.entries()) {
    const dueMs = startMs + ((frame.timestamp - first!.timestamp) >>> 0) / samplesPerMs;
    await delay(Math.max(0, dueMs - performance.now()));
    engine.sendFrame({ ...frame, endOfSpurt: index === said.length - 1 });
  }
}

const [server, roomPath, profileFolder = join(tmpdir(), 'rookery-echo-bot')] =
  process.argv.slice(2);
if (server === undefined || roomPath === undefined) {
  process.stderr.write('usage: echoBot.js SERVER[:PORT] ROOM [PROFILE-FOLDER]\n');
  process.exit(2);
}

const engine = openEngine({
  profileFolder,
  clientName: 'echoBot 1.0',
  timeoutMs: 5_000,
  reconnectMs: 60_000,
});
process.once('SIGINT', () => void engine.close());
await engine.connect({ address: parseServerAddress(server), displayName: 'Echo' });
const listener = new Listener((said) => say(engine, said));
await engine.openVoice((token, _, timestamp, endOfSpurt, payload) =>
  listener.hear(token, timestamp, endOfSpurt, payload),
);
const room = findRoom(engine.state.view, parseRoomPath(roomPath));
if (room === null) throw new Error(`there is no room ${roomPath}`);
await engine.joinRoom(room.roomId);
process.stdout.write(`listening in ${roomPath}; Ctrl-C ends it\n`);
