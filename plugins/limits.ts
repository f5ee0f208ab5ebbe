import assert from 'node:assert/strict';

/** Bounds of what one plugin may be, hold and do. */
export interface PluginLimits {
  /** Plugins of one host: each that runs has a thread. */
  readonly pluginsMax: number;
  readonly manifestBytesMax: number;
  /** Actions of one plugin that keys can be bound to. */
  readonly keysMax: number;
  readonly moduleBytesMax: number;
  /**
   * Of one function. A compiler keeps, for each branch in it, where all of its values are: what it
   * takes of memory grows with the square of this, no limit of a thread holds that, and where there
   * is none left the whole process ends. So long, it takes 400 MB at the very worst.
   */
  readonly functionBytesMax: number;
  readonly functionLocalsMax: number;
  /** More of them would let a short function have many values. */
  readonly functionResultsMax: number;
  /** Of 64 KiB: the largest maximum that a module may declare for its memory. */
  readonly memoryPagesMax: number;
  /** Entries that a module's table may grow to. */
  readonly tableEntriesMax: number;
  /** Heap of the plugin's thread, for objects that WASM makes there. */
  readonly threadHeapMb: number;
  /** A plugin that has not started by then never will. */
  readonly startMsMax: number;
  /** What a plugin may take for one event, without the time that the host takes to answer it. */
  readonly callMsMax: number;
  /** Events that wait for a plugin; the oldest is dropped for one more. */
  readonly queueMax: number;
  readonly eventBytesMax: number;
  /** Host functions that may be called for one event. */
  readonly asksPerCallMax: number;
  readonly askBytesMax: number;
  readonly answerBytesMax: number;
  /** Memory between host and plugin, of one event. */
  readonly blockBytesMax: number;
  readonly blocksMax: number;
  readonly logLinesPerCallMax: number;
  readonly logLinesPerMinute: number;
  readonly logLineCharsMax: number;
  /** Lines of each plugin that can be read. */
  readonly logLinesKept: number;
  readonly storeBytesMax: number;
  readonly storeKeysMax: number;
  readonly storeKeyBytesMax: number;
  readonly storeValueBytesMax: number;
  /** A plugin waits for its next write to be taken after so many at once … */
  readonly storeWritesBurst: number;
  /** … until there is one more. A write costs the host's thread a millisecond or two. */
  readonly storeWriteMs: number;
  /** So many faults switch a plugin off … */
  readonly faultsMax: number;
  /** … of which one is forgiven for so many events without. */
  readonly goodCallsPerFault: number;
}

export const pluginLimits: PluginLimits = {
  pluginsMax: 16,
  manifestBytesMax: 16_384,
  keysMax: 8,
  moduleBytesMax: 2 * 1_048_576,
  functionBytesMax: 32_768,
  functionLocalsMax: 1_000,
  functionResultsMax: 1,
  memoryPagesMax: 256,
  tableEntriesMax: 16_384,
  threadHeapMb: 32,
  startMsMax: 5_000,
  callMsMax: 500,
  queueMax: 256,
  eventBytesMax: 65_536,
  asksPerCallMax: 64,
  askBytesMax: 65_536,
  answerBytesMax: 262_144,
  blockBytesMax: 4 * 1_048_576,
  blocksMax: 4_096,
  logLinesPerCallMax: 32,
  logLinesPerMinute: 120,
  logLineCharsMax: 512,
  logLinesKept: 200,
  storeBytesMax: 262_144,
  storeKeysMax: 1_024,
  storeKeyBytesMax: 128,
  storeValueBytesMax: 16_384,
  storeWritesBurst: 100,
  storeWriteMs: 50,
  faultsMax: 5,
  goodCallsPerFault: 50,
};

/**
 * Asserts the relations between the limits.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertPluginLimits(limits: PluginLimits): void {
  assert(limits.storeValueBytesMax < limits.askBytesMax, 'a value can be handed to the host');
  assert(limits.storeValueBytesMax < limits.answerBytesMax, 'a value can be handed back');
  assert(limits.storeValueBytesMax <= limits.storeBytesMax, 'the largest value has a place');
  assert(limits.answerBytesMax <= limits.blockBytesMax, 'an answer fits what a plugin can hold');
  assert(limits.blocksMax < 2 ** 15, 'an address has 15 bits for the block');
  assert(limits.faultsMax >= 1, 'a plugin is switched off by a fault, not before it');
  assert(limits.logLinesPerCallMax <= limits.logLinesPerMinute, 'one event may use its lines');
}
