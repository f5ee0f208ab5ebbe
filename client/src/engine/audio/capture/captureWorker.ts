// Thread entry: a device's samples → chain → Opus → packet ring. It blocks in Atomics.wait, so it
// never awaits; devices and plugins come through a port that it looks into when told.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { RingHeader } from '@rookery/schemas/ringHeader';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { stepSamples } from '../audioLimits.js';
import { encoderTable, WishedEncoder } from '../encoderWishes.js';
import { monotonicMs } from '../monotonicClock.js';
import { OpusLibrary } from '../opusLibrary.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { CapturePath } from './capturePath.js';
import { captureTable } from './captureTable.js';
import type { CaptureMessage, CaptureWorkerData } from './captureThread.js';
import { captureWishes } from './captureWishes.js';
import { FrameWriter } from './frameWriter.js';
import { InputFeed, type InputStream } from './inputFeed.js';

const data = workerData as CaptureWorkerData;

/** All that the thread does between start and end. */
class CaptureLoop {
  readonly #wishes = captureWishes.attach(data.wishes);
  readonly #columns = captureTable.attach(data.table).columns;
  readonly #packets = new SpscRecordRing(data.packets);
  readonly #encoder = new WishedEncoder(
    new OpusLibrary(),
    data.encoderOptions,
    encoderTable.attach(data.encoding),
  );
  readonly #writer = new FrameWriter(this.#encoder, this.#packets, this.#columns);
  readonly #path = new CapturePath({
    writer: this.#writer,
    wishes: this.#wishes,
    table: captureTable.attach(data.table),
    farEnd: new SpscSampleRing(data.farEnd),
    taps: {
      ownVoice: new SpscSampleRing(data.ownVoice),
      dumpRaw: new SpscSampleRing(data.dumpRaw),
      dumpProcessed: new SpscSampleRing(data.dumpProcessed),
    },
  });
  readonly #control = new RingHeader(data.control);
  readonly #step = new Float32Array(stepSamples);
  /** `performance.now()` needs no object of its own, but counts from this thread's start. */
  readonly #clockOffsetMs = monotonicMs() - performance.now();
  #messages = 0;
  #feed: InputFeed | null = null;

  run(): void {
    for (;;) {
      const header = this.#feed?.ring.header ?? this.#control;
      const signal = header.signal;
      if (this.#wishes.columns.isClosing.load(0) === 1) break;
      if (this.#wishes.columns.messages.load(0) !== this.#messages) this.#obey();
      else if (!this.#feed) header.sleep(signal, Infinity);
      else if (this.#feed.hasEnded) this.#detach();
      else {
        this.#capture(this.#feed);
        header.sleep(signal, Infinity);
      }
    }
    this.#detach();
    this.#path.free();
    this.#encoder.free();
    this.#packets.header.close();
  }

  /** Does what the next message says. */
  #obey(): void {
    const received = receiveMessageOnPort(data.port) as { message: CaptureMessage } | undefined;
    // Told of before it was sent: the message is on its way.
    if (!received) return;
    this.#messages = (this.#messages + 1) >>> 0;
    const { message } = received;
    switch (message.kind) {
      case 'input':
        this.#attach(message.input);
        return;
      case 'plugins':
        this.#path.setPlugins(message.plugins);
    }
  }

  #attach(input: InputStream | null): void {
    this.#detach();
    if (input === null) return;
    this.#feed = new InputFeed(input);
    this.#path.begin();
  }

  #detach(): void {
    if (this.#feed) this.#path.finish();
    this.#feed = null;
  }

  #capture(feed: InputFeed): void {
    const startMs = performance.now();
    this.#path.skip(feed.dropBacklog());
    while (feed.next(this.#step)) {
      this.#writer.capturedAtMs[0] = startMs + this.#clockOffsetMs - feed.agoMs;
      this.#path.step(this.#step);
    }
    this.#columns.busyUs.add(0, Math.round((performance.now() - startMs) * 1_000));
  }
}

const loop = new CaptureLoop();
parentPort!.postMessage('ready');
loop.run();
