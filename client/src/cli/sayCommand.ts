import { openSpeechSender, type SpeechSender } from '../engine/audio/speechSender.js';
import type { Output } from './output.js';
import {
  joinRoom,
  runSession,
  untilStopped,
  type Session,
  type SessionOptions,
} from './session.js';

export interface SayOptions extends SessionOptions {
  readonly room: readonly string[];
  readonly wav: string;
  readonly loop: boolean;
  readonly seconds?: number;
}

/** Speaks a WAV file into a room, until its end, the time given, or the user's. */
export async function say(options: SayOptions, output: Output): Promise<void> {
  let session: Session | null = null;
  // Read before anything else: a file that is none need not bother the server.
  const sender = await openSpeechSender({
    wavPath: options.wav,
    repeat: options.loop ? 'loop' : 'once',
    ...(options.seconds !== undefined && { secondsMax: options.seconds }),
    onFrame: (frame) => session?.engine.sendFrame(frame),
  });
  try {
    await runSession(options, output, async (opened) => {
      session = opened;
      await joinRoom(session, options.room);
      await session.engine.openVoice(() => undefined);
      await speak(session, sender);
    });
  } finally {
    await sender.stop();
  }
}

async function speak(session: Session, sender: SpeechSender): Promise<void> {
  const { engine, output } = session;
  const fileSeconds = sender.durationSeconds;
  output.progress(
    { event: 'speaking', fileSeconds },
    `speaking (file of ${fileSeconds.toFixed(1)} s)`,
  );
  sender.start();
  await Promise.race([sender.finished, untilStopped(session)]);
  await sender.stop();
  const { frames, framesDropped, seconds } = await sender.finished;
  // What was said last must be with the server before the goodbye is.
  await engine.drainVoice();
  const framesSent = engine.voiceCounters?.framesSent ?? 0;
  output.result(
    { event: 'spoken', seconds, frames, framesDropped, framesSent },
    `spoke ${seconds.toFixed(1)} s: ${framesSent} frames sent, ${framesDropped} dropped`,
  );
}
