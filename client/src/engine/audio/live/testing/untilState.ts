import type { Engine } from '../../../engine.js';
import type { State } from '../../../engineState.js';

/** What is captured goes out as it is. */
export const cleanCapture = {
  mode: 'continuous',
  isHighPassOn: false,
  isEchoCancellerOn: false,
  isNoiseSuppressorOn: false,
  isGainControlOn: false,
} as const;

/** In which anything happens on any machine. */
const waitMsMax = 20_000;

/** Resolves when the State is so; fails with what it was instead. @param what for the failure */
export function untilState(
  engine: Pick<Engine, 'state' | 'subscribe'>,
  what: string,
  isSo: (state: State) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      end();
    };
    const timer = setTimeout(() => {
      const { input, output, problem } = engine.state.audio;
      const seen = JSON.stringify({ input, output, problem });
      finish(() => reject(new Error(`never ${what}: ${seen}`)));
    }, waitMsMax);
    const unsubscribe = engine.subscribe((state) => {
      if (isSo(state)) finish(resolve);
    });
    if (isSo(engine.state)) finish(resolve);
  });
}
