import {
  openSpeechRecorder,
  type SpeakerSummary,
  type SpeechRecorder,
} from '../engine/audio/speechRecorder.js';
import { SpeakerRoster } from '../engine/speakerRoster.js';
import { enterVoicePlace, type VoicePlace, type VoicePlaceOptions } from './callPlace.js';
import type { Output } from './output.js';
import {
  requireRoom,
  runSession,
  untilStopped,
  type Session,
  type SessionOptions,
} from './session.js';

export interface ListenOptions extends SessionOptions, VoicePlaceOptions {
  readonly out: string;
  readonly seconds: number;
  readonly perSpeaker?: string;
  /** Rooms that are heard too. */
  readonly also?: readonly (readonly string[])[];
}

/**
 * Records what is to be heard in a room, for the time given or until the user ends it. Others see
 * that it does.
 */
export async function listen(options: ListenOptions, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    const stays = await enterVoicePlace(session, options);
    await listenAlso(session, options.also ?? []);
    // Before anything is heard, let alone written.
    await session.engine.setRecording(true);
    const recorder = await openSpeechRecorder({
      outPath: options.out,
      ...(options.perSpeaker !== undefined && { perSpeakerFolder: options.perSpeaker }),
    });
    const heard: Heard = { whisperedFrames: 0 };
    try {
      await record(session, recorder, { ...options, stays }, heard);
    } finally {
      // Whatever happened, what was heard so far becomes a whole file.
      await finish(recorder, options.out, heard, output);
    }
  });
}

async function listenAlso(
  { engine, output }: Session,
  paths: readonly (readonly string[])[],
): Promise<void> {
  if (paths.length === 0) return;
  await engine.listenTo(paths.map((path) => requireRoom(engine, path).roomId));
  const rooms = paths.map((path) => path.join('/'));
  output.progress({ event: 'hearing', rooms }, `hearing ${rooms.join(', ')} too`);
}

/** What the recorder does not count. */
interface Heard {
  whisperedFrames: number;
}

async function record(
  session: Session,
  recorder: SpeechRecorder,
  { seconds, stays }: { readonly seconds: number; readonly stays: VoicePlace },
  heard: Heard,
): Promise<void> {
  const { engine, output } = session;
  const speakers = new SpeakerRoster(recorder);
  const unsubscribe = engine.subscribe((state) => speakers.follow(state));
  try {
    speakers.follow(engine.state);
    await engine.openVoice((token, counter, timestamp, endOfSpurt, payload, audience) => {
      speakers.expect(token, engine.state, audience);
      if (audience === 'whisper') heard.whisperedFrames++;
      recorder.push(token, counter, timestamp, endOfSpurt, payload);
    });
    recorder.start();
    output.progress({ event: 'listening', seconds }, `listening for ${seconds} s`);
    await Promise.race([untilStopped(session, seconds, stays), failureOf(recorder)]);
  } finally {
    unsubscribe();
    speakers.close();
  }
}

async function failureOf(recorder: SpeechRecorder): Promise<never> {
  throw await recorder.failed;
}

async function finish(
  recorder: SpeechRecorder,
  outPath: string,
  { whisperedFrames }: Heard,
  output: Output,
): Promise<void> {
  const { seconds, speakers, ...others } = await recorder.close();
  const voices = speakers.map(wordsOfSpeaker).join('; ') || 'nobody spoke';
  const whispered = whisperedFrames === 0 ? '' : `; ${whisperedFrames} frames were whispered`;
  output.result(
    { event: 'recorded', out: outPath, seconds, speakers, whisperedFrames, ...others },
    `recorded ${seconds.toFixed(1)} s in ${outPath}: ${voices}${whispered}`,
  );
}

function wordsOfSpeaker(speaker: SpeakerSummary): string {
  const { displayName, framesHeard, framesRecovered, framesConcealed } = speaker;
  return (
    `${displayName} ${framesHeard} frames` +
    ` (${framesRecovered + framesConcealed} lost, ${framesRecovered} recovered)`
  );
}
