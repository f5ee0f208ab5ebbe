import type { CopiesState } from '../engine/audio/tools/soundCopies.js';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import type { Session } from './session.js';

/** What the command line says of copies of the sound. */
export interface CopyOptions {
  /** A file for what is heard. */
  readonly record?: string;
  /** A folder for what is heard of each speaker. */
  readonly perSpeaker?: string;
  /** A folder for all that helps to find faults. */
  readonly dump?: string;
}

/**
 * Begins to write what the options ask for, and waits until that is so, or the user wants to end.
 *
 * @throws ClientError as `copyFault`
 */
export async function startCopies(
  { engine, stop }: Pick<Session, 'engine' | 'stop'>,
  { record, perSpeaker, dump }: CopyOptions,
): Promise<void> {
  if (dump !== undefined) engine.sound.startDump(dump);
  if (record !== undefined) {
    const more = perSpeaker === undefined ? {} : { perSpeakerFolder: perSpeaker };
    engine.sound.startRecording({ outPath: record, ...more });
  }
  const hasBegun = ({ phase }: CopiesState['dump'], path?: string): boolean =>
    path === undefined || phase === 'writing';
  await settled(engine, stop, (audio) => {
    return hasBegun(audio.dump, dump) && hasBegun(audio.recording, record);
  });
}

/** Why a dump or a recording came to no good end: `commandRefused`, `outputUnwritable`; or null. */
export function copyFault({ dump, recording }: CopiesState): ClientError | null {
  const problem = recording.problem ?? dump.problem;
  return problem === null ? null : new ClientError(problem.code, problem.message);
}

function settled(
  engine: Pick<Engine, 'state' | 'subscribe'>,
  stop: AbortSignal,
  isSo: (state: CopiesState) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (outcome: () => void): void => {
      unsubscribe();
      stop.removeEventListener('abort', onStop);
      outcome();
    };
    const onStop = (): void => finish(resolve);
    const look = (): void => {
      const fault = copyFault(engine.state.audio);
      if (fault !== null) finish(() => reject(fault));
      else if (isSo(engine.state.audio)) finish(resolve);
    };
    const unsubscribe = engine.subscribe(look);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    else look();
  });
}
