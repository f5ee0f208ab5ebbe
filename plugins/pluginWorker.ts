import { parentPort, workerData } from 'node:worker_threads';
import { createPlugin, type CallContext, type Plugin, type PluginConfig } from '@extism/extism';
import { eventExport, hostFunctions, hostModule } from './abi.js';
import { AnswerReader } from './answerRing.js';
import { BoundedBlocks } from './blockFunctions.js';
import { PluginError } from './errors.js';
import type { PluginCall, PluginThreadMessage, PluginThreadSetup } from './threadMessages.js';

/**
 * The thread of one plugin. Extism runs it here and not in a thread of its own making, because that
 * one copies all memory that a plugin takes, and all lines that it logs, to the thread that
 * started it; here both are bounded first. Whoever is late is ended from outside, with the thread.
 */
class PluginHosting {
  readonly #setup: PluginThreadSetup;
  readonly #answers: AnswerReader;
  readonly #blocks: BoundedBlocks;
  #plugin: Plugin | null = null;
  #asks = 0;
  #asksOfCall = 0;

  constructor(setup: PluginThreadSetup) {
    this.#setup = setup;
    this.#answers = new AnswerReader(setup.answers);
    this.#blocks = new BoundedBlocks(setup.limits, (level, text) =>
      tell({ kind: 'log', level, text }),
    );
  }

  async start(): Promise<void> {
    this.#plugin = await createPlugin(
      { wasm: [{ data: this.#setup.module }] },
      {
        useWasi: false,
        // Without what every object has: a plugin asks by any name.
        config: Object.assign(Object.create(null), this.#setup.settings) as PluginConfig,
        functions: { ...this.#blocks.functions, [hostModule]: this.#hostFunctions() },
      },
    );
  }

  async call(event: string): Promise<void> {
    this.#blocks.begin();
    this.#asksOfCall = 0;
    await this.#plugin?.call(eventExport, event);
  }

  #hostFunctions(): Record<string, (context: CallContext, address: bigint) => bigint> {
    const names = Object.keys(hostFunctions);
    return Object.fromEntries(
      names.map((name) => [
        name,
        (context: CallContext, address: bigint) => this.#ask(context, name, address),
      ]),
    );
  }

  /** @returns address of the answer, a block of JSON */
  #ask(context: CallContext, name: string, address: bigint): bigint {
    const { asksPerCallMax, askBytesMax } = this.#setup.limits;
    this.#asksOfCall += 1;
    if (this.#asksOfCall > asksPerCallMax) {
      throw new PluginError('tooLarge', `It asked more than ${asksPerCallMax} times at one event.`);
    }
    const block = context.read(address)?.bytes();
    if (block === undefined) {
      throw new PluginError('failed', `It gave "${name}" what is not in its memory.`);
    }
    if (block.length > askBytesMax) {
      throw new PluginError('tooLarge', `It gave "${name}" more than ${askBytesMax} bytes.`);
    }
    this.#asks += 1;
    tell({ kind: 'ask', number: this.#asks, name, input: new TextDecoder().decode(block) });
    const answer = this.#answers.read(this.#asks);
    this.#blocks.take(answer.length);
    return context.store(answer);
  }
}

function tell(message: PluginThreadMessage): void {
  parentPort!.postMessage(message);
}

/** For people; long words of a compiler are cut. */
function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}

/** Whatever a plugin throws is its fault, and told. */
async function telling(work: Promise<void>, done: PluginThreadMessage): Promise<void> {
  try {
    await work;
  } catch (error) {
    tell({ kind: 'failed', message: wordsOf(error) });
    return;
  }
  tell(done);
}

const hosting = new PluginHosting(workerData as PluginThreadSetup);
parentPort!.on('message', ({ event }: PluginCall) => {
  void telling(hosting.call(event), { kind: 'done' });
});
await telling(hosting.start(), { kind: 'ready' });
