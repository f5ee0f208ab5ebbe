import { speechEncodingOf } from '../engine/audio/live/speechEncodingOf.js';
import { openSpeechSender, type SpeechSender } from '../engine/audio/speechSender.js';
import type { ChaosCounters, ChaosSettings } from '../engine/audio/tools/chaos.js';
import type { Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';
import type { OutgoingFrame } from '../engine/voiceConnection.js';
import {
  enterVoicePlace,
  untilAnswered,
  type VoicePlace,
  type VoicePlaceOptions,
} from './callPlace.js';
import type { Output } from './output.js';
import { runSession, untilStopped, type Session, type SessionOptions } from './session.js';
import { whisperTargets } from './whisperTargets.js';

export interface SayOptions extends SessionOptions, VoicePlaceOptions {
  readonly wav: string;
  readonly loop: boolean;
  readonly seconds?: number;
  /** Names of people and paths of rooms that alone are to hear it. */
  readonly whisper?: readonly string[];
  /** Whether the rooms below those rooms hear it too. */
  readonly shout: boolean;
  /** The bad network that it goes through. */
  readonly chaos?: ChaosSettings;
}

/** Speaks or whispers a WAV file, until its end, the time given, or the user's. */
export async function say(options: SayOptions, output: Output): Promise<void> {
  let send: (frame: OutgoingFrame) => void = () => undefined;
  // Read before anything else: a file that is none need not bother the server.
  const sender = await openSpeechSender({
    wavPath: options.wav,
    repeat: options.loop ? 'loop' : 'once',
    ...(options.seconds !== undefined && { secondsMax: options.seconds }),
    onFrame: (frame) => send(frame),
  });
  try {
    await runSession(options, output, async (session) => {
      if (options.chaos !== undefined) session.engine.chaos.set(options.chaos);
      const stays = await enterVoicePlace(session, options);
      await session.engine.openVoice(() => undefined);
      send = await openMouth(session, options);
      if (stays === 'inCall') await untilAnswered(session);
      await speak(session, sender, stays);
    });
  } finally {
    await sender.stop();
  }
}

/** @returns sends a frame to whom the options say. */
async function openMouth(
  { engine }: Session,
  { whisper, shout }: SayOptions,
): Promise<(frame: OutgoingFrame) => void> {
  if (whisper === undefined) return (frame) => engine.sendFrame(frame);
  const targets = await whisperTargets(engine, whisper, shout ? 'withChildren' : 'alone');
  const whisperId = await engine.registerWhisper(targets);
  return (frame) => engine.sendWhisper(whisperId, frame);
}

/** Encodes as is said where one speaks, also when that changes. @returns ends it. */
function followRoom(engine: Engine, sender: SpeechSender): () => void {
  const follow = (state: State): void => {
    const encoding = speechEncodingOf(state);
    if (encoding !== null) sender.setEncoding(encoding);
  };
  follow(engine.state);
  return engine.subscribe(follow);
}

async function speak(session: Session, sender: SpeechSender, stays: VoicePlace): Promise<void> {
  const { engine, output } = session;
  const fileSeconds = sender.durationSeconds;
  output.progress(
    { event: 'speaking', fileSeconds },
    `speaking (file of ${fileSeconds.toFixed(1)} s)`,
  );
  const unfollow = followRoom(engine, sender);
  sender.start();
  await Promise.race([sender.finished, untilStopped(session, undefined, stays)]).finally(unfollow);
  await sender.stop();
  const { frames, framesDropped, seconds } = await sender.finished;
  // What was said last must be with the server before the goodbye is.
  await engine.drainVoice();
  const framesSent = engine.voiceCounters?.framesSent ?? 0;
  output.result(
    { event: 'spoken', seconds, frames, framesDropped, framesSent, chaos: engine.chaos.counters },
    `spoke ${seconds.toFixed(1)} s: ${framesSent} frames sent, ${framesDropped} dropped` +
      wordsOfChaos(engine.chaos.counters),
  );
}

function wordsOfChaos(counters: Readonly<ChaosCounters> | null): string {
  if (counters === null) return '';
  const { lost, reordered, duplicated } = counters;
  return `; on purpose ${lost} lost, ${reordered} out of order, ${duplicated} twice`;
}
