import type { Updater } from './updater.js';

/** What of an update signals are told of. */
export interface SignalledUpdate {
  readonly updater: Pick<Updater, 'abandon'>;
  /** Told what the signal does, for people. */
  readonly say: (text: string) => void;
  /** Ends the process. */
  readonly end: () => void;
}

const askingSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Has signals end an update only where that leaves things as they were. Up to the switch each of
 * them does, and what was prepared is taken away. From then on the update goes on to its verdict: a
 * line that is cut must not leave a version that nobody judges. Who asks twice ends it all the
 * same; then the next start of the service, or the next `rookery update`, decides.
 *
 * @returns lets signals be again
 */
export function holdSignals({ updater, say, end }: SignalledUpdate): () => void {
  let isAskedAgain = false;
  const giveUp = (): boolean => {
    if (!updater.abandon()) return false;
    say('The update was given up, and nothing was changed.');
    end();
    return true;
  };
  const onAsked = (): void => {
    if (giveUp()) return;
    if (isAskedAgain) end();
    isAskedAgain = true;
    say('It is being seen which version is to run, within a minute or so; once more ends it.');
  };
  const onHangUp = (): void => {
    // There is nobody who reads on.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    giveUp();
  };
  for (const signal of askingSignals) process.on(signal, onAsked);
  process.on('SIGHUP', onHangUp);
  return () => {
    for (const signal of askingSignals) process.off(signal, onAsked);
    process.off('SIGHUP', onHangUp);
  };
}
