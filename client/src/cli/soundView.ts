import type { Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';
import { CopyTeller } from './copyTeller.js';
import type { Output } from './output.js';
import { listenToKeys, type SoundKeys } from './soundKeys.js';
import { soundLines } from './soundScreen.js';
import { SoundTeller } from './soundTeller.js';
import { TerminalScreen } from './terminalScreen.js';

/** Between two lines of levels: few enough to read; for programs more often. */
const levelsEveryMs = { words: 5_000, json: 1_000 } as const;

/** Shows the sound: as meters in a terminal, else as lines. */
export class SoundView {
  private readonly quitting = new AbortController();
  private keys: SoundKeys | null = null;
  private unsubscribe: (() => void) | null = null;

  private constructor(
    /** Tells above the meters. */
    readonly output: Output,
    private readonly screen: TerminalScreen | null,
    private readonly everyMs: number,
  ) {}

  /** @param output where no meters are drawn */
  static open(isJson: boolean, output: Output): SoundView {
    const { stdout } = process;
    if (isJson || !stdout.isTTY) {
      return new SoundView(output, null, isJson ? levelsEveryMs.json : levelsEveryMs.words);
    }
    const screen = new TerminalScreen((text) => void stdout.write(text));
    return new SoundView(outputAbove(screen, output), screen, levelsEveryMs.words);
  }

  /**
   * Shows what there is from now on, and obeys keys.
   *
   * @param nameOf the display name of a session token
   * @param voiceWords how voice goes to the server; '' without one
   */
  follow(
    engine: Pick<Engine, 'state' | 'subscribe' | 'sound'>,
    nameOf: (sessionToken: number) => string,
    voiceWords: (state: State) => string,
  ): void {
    const teller = new SoundTeller(this.output, nameOf, this.everyMs);
    const copyTeller = new CopyTeller(this.output);
    const show = (state: State): void => {
      const { screen } = this;
      copyTeller.follow(state.audio);
      if (screen === null) teller.follow(state.audio, performance.now());
      else {
        const scene = { audio: state.audio, nameOf, voice: voiceWords(state) };
        screen.draw(soundLines(scene, process.stdout.columns));
      }
    };
    show(engine.state);
    this.unsubscribe = engine.subscribe(show);
    if (this.screen !== null && process.stdin.isTTY) {
      this.keys = listenToKeys(process.stdin, engine, () => this.quitting.abort());
    }
  }

  /** Aborted when the user has pressed q. */
  get quit(): AbortSignal {
    return this.quitting.signal;
  }

  close(): void {
    this.unsubscribe?.();
    this.keys?.release();
    this.screen?.clear();
  }
}

function outputAbove(screen: TerminalScreen, output: Output): Output {
  return {
    progress: (event, words) => screen.above(() => output.progress(event, words)),
    result: (event, words) => screen.above(() => output.result(event, words)),
    table: (event, lines) => screen.above(() => output.table(event, lines)),
    detail: (event) => output.detail(event),
    error: (code, message) => screen.above(() => output.error(code, message)),
  };
}
