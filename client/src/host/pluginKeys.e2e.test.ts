import { PluginLibrary } from '@rookery/plugins/pluginLibrary';
import { pluginLimits } from '@rookery/plugins/limits';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BridgeFace } from '../bridge/bridgeFace.js';
import type { FacePort, HostPort } from '../bridge/bridgeMessages.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import type { KeyScript } from '../testing/scriptedKeysProcess.js';
import { ClientHost } from './clientHost.js';
import type { ClientState } from './clientState.js';
import type { PluginReport } from './pluginsState.js';
import { buildStopwatch } from './testing/stopwatch.js';

/** Processes take their time to start on a busy machine. */
const eventually = { timeout: 40_000 };

let scratch: ScratchFolder;
let host: ClientHost;
beforeEach(async () => {
  scratch = await ScratchFolder.make();
});
afterEach(async () => {
  await host.close();
  await scratch.remove();
});

/** A window of the host, in this thread. */
function openFace() {
  const mirror = {
    state: {} as Partial<ClientState>,
    replace: (state: object) => void (mirror.state = state),
  };
  const nothing = (): void => undefined;
  const face: FacePort = {
    ...{ isBehind: false, onMessage: nothing, onClose: nothing, close: nothing },
    send: (message) => ofHost.onMessage(message),
  };
  const ofHost: HostPort = {
    ...{ isBehind: false, onMessage: nothing, onClose: nothing, close: nothing },
    send: (message) => face.onMessage(structuredClone(message)),
  };
  const bridge = new BridgeFace(face, mirror, nothing);
  host.addPort(ofHost);
  return { mirror, bridge };
}

test('a key of any window reaches the plugin it is bound to, and no other key does', async () => {
  const { manifestText, manifest, module } = await buildStopwatch(scratch.in('built'));
  const { name, sha256, permissions } = manifest;
  const library = new PluginLibrary(scratch.in('profile', 'plugins'), 'client', pluginLimits);
  await library.install(manifestText, module, { sha256, permissions });
  const strokes = ['KeyA', 'F7', 'KeyB'].flatMap((code) =>
    [true, false].map((isDown) => [code, isDown] as const),
  );
  const script: KeyScript = { strokes };
  const display = { DISPLAY: ':0', WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' };
  host = await ClientHost.open({
    ...{ profileFolder: scratch.in('profile'), clientName: 'test/1', timeoutMs: 5_000 },
    reconnectMs: 0,
    keys: {
      entry: new URL('../testing/scriptedKeysProcess.js', import.meta.url),
      platform: 'linux',
      env: { ...process.env, ...display, ROOKERY_TEST_KEYS: JSON.stringify(script) },
    },
  });
  const { mirror, bridge } = openFace();
  const shown = (): unknown => mirror.state.plugins?.panels[0]?.rows[0];
  await expect.poll(shown, eventually).toMatchObject({ text: 'It stands still.' });
  await expect.poll(() => mirror.state.keys?.phase, eventually).toBe('global');
  await host.changeSettings({ pluginKeys: [{ plugin: name, name: 'lap', key: 'F7' }] });
  await expect.poll(shown, eventually).toMatchObject({ text: 'The first lap is under way.' });
  // Its start, and the two of its key.
  const counts = async () => {
    return ((await bridge.call('plugins.report', [name])) as PluginReport).events;
  };
  await expect.poll(counts, eventually).toMatchObject({ events: 3, faults: 0, refused: 0 });
});
