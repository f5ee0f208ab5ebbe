import { z } from 'zod';
import type { Sound } from '../engine/audio/live/sound.js';
import type { State } from '../engine/engineState.js';
import { GlobalKeys, type GlobalKeysOptions } from '../keys/globalKeys.js';
import { codesOf, type KeyAction, type KeyBinding } from '../keys/keyCombination.js';
import { KeyMatcher } from '../keys/keyMatcher.js';
import type { KeysState } from '../keys/keysState.js';
import { checked } from './checked.js';

/** What a window tells of its keyboard. */
export interface WindowKeys {
  /** One writes in a text field of it, or no longer: letters are letters then, wherever seen. */
  writing(isWriting: boolean): void;
}

/** Does what a key is bound to. */
export type KeyActor = (action: KeyAction, isDown: boolean) => void;

/**
 * Bound keys, on their way from wherever they are seen straight to what they do: from a process
 * that sees the keys of all windows, or, where that cannot be, from whichever window of the client
 * has the keyboard.
 */
export class KeyActions {
  private shown: KeysState = { phase: 'windowOnly', problem: null };
  private global: GlobalKeys | null = null;
  private readonly matcher: KeyMatcher;
  private readonly heldInWindow = new Set<KeyAction>();
  private readonly writing = new Set<object>();

  /** @param onChange the state is another */
  constructor(
    private readonly act: KeyActor,
    private readonly onChange: () => void,
  ) {
    this.matcher = new KeyMatcher(act);
  }

  get state(): KeysState {
    return this.shown;
  }

  /** From now on the keys of all windows are seen, where this system lets them. */
  start(options: GlobalKeysOptions): void {
    this.global = new GlobalKeys(options, {
      onKey: (code, isDown) => {
        if (isDown) this.matcher.press(code);
        else this.matcher.release(code);
      },
      onState: (state) => {
        this.matcher.releaseAll();
        this.shown = state;
        this.onChange();
      },
    });
    this.global.start();
  }

  bind(bindings: readonly KeyBinding[]): void {
    this.matcher.bind(bindings);
    this.global?.watch(codesOf(bindings));
  }

  /**
   * A window saw a key. While all keys are seen anyway it is not to act twice; but what it began
   * before, it may end.
   */
  fromWindow(action: KeyAction, isDown: boolean): void {
    if (isDown && this.shown.phase === 'global') return;
    if (isDown) this.heldInWindow.add(action);
    else this.heldInWindow.delete(action);
    this.act(action, isDown);
  }

  /** @param window stands for one window, the same at each call */
  ofWindow(window: object): WindowKeys {
    return {
      writing: (isWriting) => {
        if (checked(z.boolean(), isWriting)) this.writing.add(window);
        else this.writing.delete(window);
        this.matcher.isWriting = this.writing.size > 0;
      },
    };
  }

  /** A window is gone, which may have been the one that would have seen a key go up. */
  windowGone(window: object): void {
    this.ofWindow(window).writing(false);
    for (const action of this.heldInWindow) this.fromWindow(action, false);
  }

  async close(): Promise<void> {
    this.matcher.releaseAll();
    await this.global?.close();
  }
}

/** What bound keys act on. */
export interface KeyTarget {
  readonly sound: Pick<Sound, 'setKey' | 'setMuted' | 'setDeafened'>;
  readonly state: Pick<State, 'audio'>;
}

/** Does an action of the own voice; those of whispers are none. */
export function actOnVoice(
  { sound, state: { audio } }: KeyTarget,
  action: KeyAction,
  isDown: boolean,
): void {
  const { settings, isDeafened } = audio;
  if (action === 'pushToTalk') {
    // One that is down stays so when another mode is chosen meanwhile, unless it can go up.
    if (!isDown || settings.mode === 'pushToTalk') sound.setKey(isDown);
  } else if (isDown && action === 'toggleMute') {
    sound.setMuted(!settings.isMuted);
  } else if (isDown && action === 'toggleDeafen') {
    sound.setDeafened(!isDeafened);
  }
}
