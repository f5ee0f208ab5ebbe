import { quietestDb } from '../engine/audio/capture/captureTable.js';
import { ClientError } from '../engine/clientError.js';
import { openEngine, type Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';
import { clientVersion } from '../clientVersion.js';
import { deviceTable } from './deviceTable.js';
import type { Output } from './output.js';
import { openSoundDevice } from './soundDevices.js';
import { startSound, type SoundOptions } from './soundOptions.js';
import { soundFindings } from './soundVerdict.js';
import { SoundView } from './soundView.js';
import { catchStopSignals } from './stopSignal.js';

export interface AudioTestOptions extends SoundOptions {
  readonly json: boolean;
  readonly profile: string;
  readonly seconds: number;
}

/** Opening a device takes this long at most; whatever waits then waits for something. */
const settleMsMax = 10_000;

/**
 * Tries microphone, headphones and what is between them, without a server.
 *
 * @throws ClientError with what is wrong, after all was told
 */
export async function testAudio(options: AudioTestOptions, output: Output): Promise<void> {
  const stopSignals = catchStopSignals();
  const view = SoundView.open(options.json, output);
  const engine = openEngine({
    profileFolder: options.profile,
    clientName: `rookery/${clientVersion()}`,
    timeoutMs: 1,
    reconnectMs: 0,
    audio: { open: () => openSoundDevice(options) },
  });
  let inputPeakDbfsMax = quietestDb;
  engine.subscribe(({ audio }) => {
    const { peakDbfs } = audio.levels.capture.microphone;
    inputPeakDbfsMax = Math.max(inputPeakDbfsMax, peakDbfs);
  });
  try {
    const stop = AbortSignal.any([stopSignals.signal, view.quit]);
    await startSound(engine, options);
    await until(engine, isSettled, settleMsMax, stop);
    tellDevices(engine, view.output);
    view.follow(engine, String, () => '');
    engine.sound.playTone();
    engine.sound.hearYourself(true);
    view.output.progress(
      { event: 'testing', seconds: options.seconds },
      `you hear a tone, and then yourself; speak for ${options.seconds} s`,
    );
    await until(engine, () => false, options.seconds * 1_000, stop);
    tellFindings(engine, inputPeakDbfsMax, view.output);
  } finally {
    view.close();
    await engine.close();
    stopSignals.release();
  }
}

function isSettled({ audio }: State): boolean {
  const sides = [audio.input, audio.output];
  const isKnown = sides.every(({ phase }) => phase === 'running' || phase === 'waiting');
  return audio.problem !== null || (audio.phase === 'running' && isKnown);
}

/** Resolves when it is so, the time is over, or the user wants to end. */
function until(
  engine: Pick<Engine, 'state' | 'subscribe'>,
  isSo: (state: State) => boolean,
  msMax: number,
  stop: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unsubscribe();
      stop.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, msMax);
    const unsubscribe = engine.subscribe((state) => {
      if (isSo(state)) finish();
    });
    stop.addEventListener('abort', finish);
    if (stop.aborted || isSo(engine.state)) finish();
  });
}

function tellDevices({ state }: Engine, output: Output): void {
  const { devices } = state.audio;
  output.table({ event: 'devices', devices }, deviceTable(devices));
}

function tellFindings({ state }: Engine, inputPeakDbfsMax: number, output: Output): void {
  const findings = soundFindings({ audio: state.audio, inputPeakDbfsMax });
  const { capture, playback } = state.audio;
  output.table(
    { event: 'tested', findings, inputPeakDbfsMax, capture, playback },
    findings.map(({ words }) => words),
  );
  const fault = findings.find(({ code }) => code !== null);
  if (fault?.code) throw new ClientError(fault.code, fault.words);
}
