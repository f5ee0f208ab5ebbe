import type { CallContext } from '@extism/extism';
import { blockModule } from './abi.js';
import { PluginError } from './errors.js';
import type { PluginLimits } from './limits.js';

/**
 * What Extism offers a plugin for memory between it and the host, as far as it is offered here.
 * There are no variables of Extism's (what lasts is in the store) and no HTTP.
 */
export const blockFunctionNames: readonly string[] = [
  ...['alloc', 'free', 'length', 'length_unsafe', 'load_u8', 'load_u64', 'store_u8', 'store_u64'],
  ...['input_offset', 'input_length', 'input_load_u8', 'input_load_u64'],
  ...['output_set', 'error_set', 'error_get', 'config_get', 'get_log_level'],
  ...['log_trace', 'log_debug', 'log_info', 'log_warn', 'log_error'],
];

export const pluginLogLevels = ['debug', 'info', 'warn', 'error'] as const;
export type PluginLogLevel = (typeof pluginLogLevels)[number];

type CallLimits = Pick<
  PluginLimits,
  'blockBytesMax' | 'blocksMax' | 'logLinesPerCallMax' | 'logLineCharsMax'
>;

/** What one event has used up so far. */
interface Used {
  blocks: number;
  bytes: number;
  logLines: number;
}

/**
 * Those of Extism's functions that would let a plugin take memory or write lines without end,
 * bounded. Of the plugin's thread.
 */
export class BoundedBlocks {
  readonly #limits: CallLimits;
  readonly #tellLog: (level: PluginLogLevel, text: string) => void;
  readonly #used: Used = { blocks: 0, bytes: 0, logLines: 0 };

  constructor(limits: CallLimits, tellLog: (level: PluginLogLevel, text: string) => void) {
    this.#limits = limits;
    this.#tellLog = tellLog;
  }

  /** Another event begins, and with it all blocks are gone. */
  begin(): void {
    Object.assign(this.#used, { blocks: 0, bytes: 0, logLines: 0 });
  }

  /** Counts memory that the plugin has the host take. @throws PluginError `tooLarge` */
  take(bytes: number): void {
    const { blockBytesMax, blocksMax } = this.#limits;
    const isFitting = bytes >= 0 && this.#used.bytes + bytes <= blockBytesMax;
    if (!isFitting || this.#used.blocks >= blocksMax) {
      const text = `It wanted more than ${blockBytesMax} bytes of the host for one event.`;
      throw new PluginError('tooLarge', text);
    }
    this.#used.blocks += 1;
    this.#used.bytes += bytes;
  }

  /** For Extism, under the name of the module that plugins import them from. */
  get functions(): Record<string, Record<string, (context: CallContext, at: bigint) => unknown>> {
    const logs = (level: PluginLogLevel) => (context: CallContext, address: bigint) =>
      this.#log(context, level, address);
    return {
      [blockModule]: {
        alloc: (context, size) => {
          this.take(Number(size));
          return context.alloc(size);
        },
        get_log_level: () => pluginLogLevels.indexOf('debug'),
        log_trace: logs('debug'),
        log_debug: logs('debug'),
        log_info: logs('info'),
        log_warn: logs('warn'),
        log_error: logs('error'),
      },
    };
  }

  #log(context: CallContext, level: PluginLogLevel, address: bigint): void {
    const { logLinesPerCallMax, logLineCharsMax } = this.#limits;
    this.#used.logLines += 1;
    if (this.#used.logLines > logLinesPerCallMax) return;
    const block = context.read(address);
    if (block === null) throw new PluginError('failed', 'It logged what is not in its memory.');
    const bytes = block.bytes().subarray(0, logLineCharsMax);
    this.#tellLog(level, new TextDecoder().decode(bytes));
  }
}
