// Plays a WAV file into a room, once or again and again.
//
//     node client/dist/examples/musicBot.js talk.example.org Lobby/Games song.wav [--loop]
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSpeechSender } from '../src/engine/audio/speechSender.js';
import { openEngine } from '../src/engine/engine.js';
import { ownRoom } from '../src/engine/engineState.js';
import { parseServerAddress } from '../src/engine/serverAddress.js';
import { findRoom, parseRoomPath } from '../src/engine/view.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { loop: { type: 'boolean', default: false } },
});
const [server, roomPath, wavPath, profileFolder = join(tmpdir(), 'rookery-music-bot')] =
  positionals;
if (server === undefined || roomPath === undefined || wavPath === undefined) {
  process.stderr.write('usage: musicBot.js SERVER[:PORT] ROOM WAV [PROFILE-FOLDER] [--loop]\n');
  process.exit(2);
}

const engine = openEngine({
  profileFolder,
  clientName: 'musicBot 1.0',
  timeoutMs: 5_000,
  reconnectMs: 60_000,
});
try {
  await engine.connect({ address: parseServerAddress(server), displayName: 'Music' });
  await engine.openVoice(() => undefined);
  const room = findRoom(engine.state.view, parseRoomPath(roomPath));
  if (room === null) throw new Error(`there is no room ${roomPath}`);
  await engine.joinRoom(room.roomId);
  const sender = await openSpeechSender({
    wavPath,
    repeat: values.loop ? 'loop' : 'once',
    // The room says how its sound is to be encoded.
    encoding: ownRoom(engine.state) ?? room,
    onFrame: (frame) => engine.sendFrame(frame),
  });
  process.once('SIGINT', () => void sender.stop());
  sender.start();
  const { seconds } = await sender.finished;
  await engine.drainVoice();
  process.stdout.write(`played ${seconds.toFixed(1)} s\n`);
} finally {
  await engine.close();
}
