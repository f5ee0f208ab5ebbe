import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { VirtualSound } from '../../../testing/virtualSound.js';
import { ClientError } from '../../clientError.js';
import type { AudioDevice, DeviceStream } from './audioDevice.js';
import { DeviceKeeper } from './deviceKeeper.js';
import type { DeviceState } from './deviceState.js';
import { openPortAudio } from './portAudioDevice.js';
import { capture } from './testing/streamEnds.js';

let sound: VirtualSound;
let device: AudioDevice;
let kept: Kept;

/** A keeper and what it told. */
class Kept {
  readonly keeper: DeviceKeeper;
  readonly states: DeviceState[] = [];
  stream: DeviceStream | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(from: AudioDevice) {
    this.keeper = new DeviceKeeper(from, {
      direction: 'input',
      bufferMs: 10,
      searchMs: 50,
      onStream: (stream) => {
        this.stream = stream;
      },
      onState: (state) => {
        this.states.push(state);
        for (const wake of this.#waiting) wake();
      },
    });
  }

  get state(): DeviceState {
    return this.states.at(-1)!;
  }

  /** Resolves once the state is so. */
  async until(isSo: (state: DeviceState) => boolean): Promise<DeviceState> {
    while (this.states.length === 0 || !isSo(this.state)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return this.state;
  }
}

const runsOn = (id: string) => (state: DeviceState) =>
  state.phase === 'running' && state.device?.id === id;

beforeAll(async () => {
  sound = await VirtualSound.start();
  sound.enter();
});
afterAll(() => sound.stop());
beforeEach(async () => {
  await sound.unplug('headset');
  await sound.plugIn('speakers');
  device = openPortAudio();
  kept = new Kept(device);
});
afterEach(async () => {
  await kept.keeper.close();
  await device.close();
  await sound.unplug('speakers');
});

test('runs nothing before a device is chosen', () => {
  expect(kept.states).toEqual([]);
});

test('opens the default, and sound comes', async () => {
  kept.keeper.choose(null);
  const state = await kept.until(({ phase }) => phase === 'running');
  expect(state).toMatchObject({
    wishedId: null,
    device: { id: 'ALSA:default' },
    isFallback: false,
    problem: null,
  });
  expect(await capture(kept.stream!, 2)).toHaveLength(960);
});

test('falls back to the default, and returns to the chosen device by itself', async () => {
  await sound.plugIn('headset');
  kept.keeper.choose('ALSA:headset_mic');
  await kept.until(runsOn('ALSA:headset_mic'));
  await sound.unplug('headset');
  const fallback = await kept.until(runsOn('ALSA:default'));
  expect(fallback).toMatchObject({ wishedId: 'ALSA:headset_mic', isFallback: true });
  expect(fallback.problem?.code).toBe('noAudioDevice');
  expect(await capture(kept.stream!, 2)).toHaveLength(960);
  await sound.plugIn('headset');
  expect(await kept.until(runsOn('ALSA:headset_mic'))).toMatchObject({
    isFallback: false,
    problem: null,
  });
  expect(await capture(kept.stream!, 2)).toHaveLength(960);
});

test('waits while there is no device, and sound returns by itself', async () => {
  kept.keeper.choose(null);
  await kept.until(({ phase }) => phase === 'running');
  await sound.unplug('speakers');
  const waiting = await kept.until(({ problem }) => problem?.code === 'noAudioDevice');
  expect(waiting).toMatchObject({ phase: 'waiting', device: null });
  expect(kept.stream).toBeNull();
  await sound.plugIn('speakers');
  await kept.until(({ phase }) => phase === 'running');
  expect(await capture(kept.stream!, 2)).toHaveLength(960);
});

test('changes to another device while one runs', async () => {
  await sound.plugIn('headset');
  kept.keeper.choose(null);
  await kept.until(runsOn('ALSA:default'));
  const first = kept.stream!;
  kept.keeper.choose('ALSA:headset_mic');
  await kept.until(runsOn('ALSA:headset_mic'));
  expect(await first.ended).toBeNull();
});

test.each(['audioDeviceInUse', 'audioNotAllowed'] as const)(
  'takes the default while the chosen device is refused as %s, and goes on asking',
  async (code) => {
    await sound.plugIn('headset');
    let isRefused = true;
    const refusing: AudioDevice = {
      list: () => device.list(),
      open: (direction, deviceId, bufferMs) =>
        isRefused && deviceId === 'ALSA:headset_mic'
          ? Promise.reject(new ClientError(code, 'refused'))
          : device.open(direction, deviceId, bufferMs),
      close: () => device.close(),
    };
    kept = new Kept(refusing);
    kept.keeper.choose('ALSA:headset_mic');
    const fallback = await kept.until(runsOn('ALSA:default'));
    expect(fallback).toMatchObject({ isFallback: true, problem: { code } });
    isRefused = false;
    await kept.until(runsOn('ALSA:headset_mic'));
  },
);

test('is off after its end and frees the device', async () => {
  kept.keeper.choose(null);
  await kept.until(({ phase }) => phase === 'running');
  const stream = kept.stream!;
  await kept.keeper.close();
  expect(kept.state.phase).toBe('off');
  expect(kept.stream).toBeNull();
  expect(await stream.ended).toBeNull();
  kept.keeper.choose(null);
  expect(kept.state.phase).toBe('off');
});

test('ends while it waits', async () => {
  await sound.unplug('speakers');
  kept.keeper.choose(null);
  await kept.until(({ phase }) => phase === 'waiting');
  await kept.keeper.close();
  expect(kept.state.phase).toBe('off');
});
