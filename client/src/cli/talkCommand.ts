import type { ChaosSettings } from '../engine/audio/tools/chaos.js';
import type { Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';
import { speakerName } from '../engine/speakerRoster.js';
import { enterVoicePlace, untilAnswered, type VoicePlaceOptions } from './callPlace.js';
import type { Output } from './output.js';
import { runSession, untilStopped, type Session, type SessionOptions } from './session.js';
import { openSoundDevice } from './soundDevices.js';
import { copyFault, startCopies, type CopyOptions } from './copyOptions.js';
import { startSound, type SoundOptions } from './soundOptions.js';
import { SoundView } from './soundView.js';
import { findUser } from './userTarget.js';

export interface TalkOptions extends SessionOptions, VoicePlaceOptions, SoundOptions, CopyOptions {
  readonly json: boolean;
  readonly seconds?: number;
  readonly volume?: readonly VolumeWish[];
  /** The bad network that what is said goes through. */
  readonly chaos?: ChaosSettings;
}

/** Somebody, and of 100 how loud. */
export interface VolumeWish {
  readonly nameOrId: string;
  readonly percent: number;
}

/** Talks and listens in a room or call through this machine's sound devices. */
export async function talk(options: TalkOptions, output: Output): Promise<void> {
  const view = SoundView.open(options.json, output);
  const openEngine = { audio: { open: () => openSoundDevice(options) } };
  try {
    await runSession(
      options,
      view.output,
      async (session) => {
        const { engine } = session;
        if (options.chaos !== undefined) engine.chaos.set(options.chaos);
        const stays = await enterVoicePlace(session, options);
        view.follow(engine, (token) => speakerName(engine.state, token), voiceWords);
        await startSound(engine, options);
        await applyVolumes(engine, options.volume ?? []);
        const stop = AbortSignal.any([session.stop, view.quit]);
        await startCopies({ engine, stop }, options);
        if (stays === 'inCall') await untilAnswered(session);
        await untilStopped({ ...session, stop }, options.seconds, stays);
        await finish(session);
      },
      openEngine,
    );
  } finally {
    view.close();
  }
}

async function applyVolumes(engine: Engine, volumes: readonly VolumeWish[]): Promise<void> {
  for (const { nameOrId, percent } of volumes) {
    engine.sound.setVolume(await findUser(engine, nameOrId), percent / 100);
  }
}

async function finish({ engine, output }: Session): Promise<void> {
  const { capture, playback, speakers } = engine.state.audio;
  const { framesSent = 0, framesReceived = 0 } = engine.voiceCounters ?? {};
  await engine.sound.stop();
  // What was said last must be with the server before the goodbye is.
  await engine.drainVoice();
  const heard = [...speakers].map(([sessionToken, speaker]) => {
    return { sessionToken, displayName: speakerName(engine.state, sessionToken), ...speaker };
  });
  output.result(
    { event: 'talked', framesSent, framesReceived, capture, playback, speakers: heard },
    `sent ${framesSent} frames (${capture.framesDropped} dropped), heard ${framesReceived}`,
  );
  const fault = copyFault(engine.state.audio);
  if (fault !== null) throw fault;
}

function voiceWords({ voice }: State): string {
  if (voice.phase !== 'open') return `voice: ${voice.phase}`;
  return `voice: ${voice.path}, round trip ${voice.roundTripMs.toFixed(0)} ms`;
}
