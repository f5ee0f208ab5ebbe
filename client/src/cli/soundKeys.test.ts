import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { audioOff } from '../engine/audioState.js';
import { initialState } from '../engine/engineState.js';
import { listenToKeys } from './soundKeys.js';

class Keyboard extends EventEmitter {
  readonly modes: boolean[] = [];
  isPaused = true;
  setRawMode(isRaw: boolean): this {
    this.modes.push(isRaw);
    return this;
  }
  resume(): this {
    this.isPaused = false;
    return this;
  }
  pause(): this {
    this.isPaused = true;
    return this;
  }
  press(keys: string): void {
    this.emit('data', Buffer.from(keys, 'latin1'));
  }
}

it('has keys switch what they stand for', () => {
  const keyboard = new Keyboard();
  const done: string[] = [];
  const sound = new Proxy(
    {},
    {
      get: (_, name: string) => (value: unknown) => void done.push(`${name} ${String(value)}`),
    },
  );
  const audio = { ...audioOff, isDeafened: true };
  const engine = { state: { ...initialState, audio }, sound } as never;
  const keys = listenToKeys(keyboard as never, engine, () => void done.push('quit'));
  keyboard.press(' mdhtxq\x03');
  expect(done).toEqual([
    ...['setKey true', 'setMuted true', 'setDeafened false', 'hearYourself true'],
    ...['playTone undefined', 'quit', 'quit'],
  ]);
  keys.release();
  keyboard.press('m');
  expect(done).toHaveLength(7);
  expect(keyboard).toMatchObject({ modes: [true, false], isPaused: true });
});
