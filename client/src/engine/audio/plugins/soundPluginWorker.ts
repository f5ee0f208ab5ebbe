// Thread entry: a plugin that changes sound, alone in its thread, so that it can be given up: that
// ends it in the middle of whatever it does. It blocks in Atomics.wait, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { SoundModule } from '@rookery/plugins/sound/soundModule';
import type { SoundPluginWorkerData } from './soundPluginThread.js';
import { SoundPluginWork } from './soundPluginWork.js';

const { wasm, use, memory } = workerData as SoundPluginWorkerData;
const work = new SoundPluginWork(new SoundModule(wasm, use), memory);
parentPort!.postMessage('ready');
for (;;) {
  const { signal } = work.header;
  if (!work.answer()) work.header.sleep(signal, Infinity);
}
