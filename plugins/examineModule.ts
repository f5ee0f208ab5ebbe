import { createHash } from 'node:crypto';
import { blockModule, hostModule, isHostFunction } from './abi.js';
import { blockFunctionNames } from './blockFunctions.js';
import { PluginError } from './errors.js';
import type { PluginLimits } from './limits.js';
import { readModuleShape, type ModuleImport, type ModuleShape } from './moduleShape.js';

type ModuleLimits = Pick<
  PluginLimits,
  | 'moduleBytesMax'
  | 'memoryPagesMax'
  | 'tableEntriesMax'
  | 'functionBytesMax'
  | 'functionLocalsMax'
  | 'functionResultsMax'
>;

/** Of a module, in hexadecimal, as the manifest names it. */
export function moduleHash(module: Uint8Array): string {
  return createHash('sha256').update(module).digest('hex');
}

/**
 * Decides whether a module may be loaded at all: it imports what a host hands over and nothing
 * else, what it can take of memory is declared and bounded, and so is what compiling it takes. It
 * is not compiled for that.
 *
 * @param exportsNeeded functions that have to be there
 * @throws PluginError `badModule`
 */
export function examineModule(
  module: Uint8Array,
  limits: ModuleLimits,
  exportsNeeded: readonly string[],
): ModuleShape {
  const { moduleBytesMax } = limits;
  if (module.length > moduleBytesMax) {
    throw unfit(`it has ${module.length} bytes, and at most ${moduleBytesMax} are taken`);
  }
  const shape = readModuleShape(module);
  for (const each of shape.imports) checkImport(each);
  checkMemory(shape, limits);
  checkTables(shape, limits);
  checkFunctions(shape, limits);
  for (const name of exportsNeeded) {
    const isThere = shape.exports.some((one) => one.name === name && one.kind === 'function');
    if (!isThere) throw unfit(`it exports no function "${name}"`);
  }
  return shape;
}

function checkImport({ module, name }: ModuleImport): void {
  if (module.startsWith('wasi_')) {
    throw unfit(`it wants files, clocks and the like of the system (WASI, "${name}")`);
  }
  const isKnown =
    (module === hostModule && isHostFunction(name)) ||
    (module === blockModule && blockFunctionNames.includes(name));
  if (!isKnown) throw unfit(`it imports "${module}" "${name}", which no host has`);
}

function checkMemory({ memories }: ModuleShape, { memoryPagesMax }: ModuleLimits): void {
  // A module without memory has nothing to grow.
  if (memories.length > 1) throw unfit('it has more than one memory');
  for (const { min, max, isShared } of memories) {
    if (isShared) throw unfit('its memory is shared');
    if (max === null) throw unfit('it declares no maximum for its memory');
    if (max > memoryPagesMax || min > max) {
      throw unfit(`its memory may grow to ${max} pages, and ${memoryPagesMax} are the most`);
    }
  }
}

function checkTables({ tables }: ModuleShape, { tableEntriesMax }: ModuleLimits): void {
  if (tables.length > 1) throw unfit('it has more than one table');
  for (const { max } of tables) {
    if (max === null) throw unfit('it declares no maximum for its table');
    if (max > tableEntriesMax) {
      throw unfit(`its table may grow to ${max} entries, and ${tableEntriesMax} are the most`);
    }
  }
}

function checkFunctions({ functions }: ModuleShape, limits: ModuleLimits): void {
  const { functionBytesMax, functionLocalsMax, functionResultsMax } = limits;
  const { bytes, locals, results } = functions;
  const tooMuch = (what: string, most: number): PluginError =>
    unfit(`a function of it has ${what}, and ${most} are the most`);
  if (bytes > functionBytesMax) throw tooMuch(`${bytes} bytes`, functionBytesMax);
  if (locals > functionLocalsMax) throw tooMuch(`${locals} locals`, functionLocalsMax);
  if (results > functionResultsMax) throw tooMuch(`${results} results`, functionResultsMax);
}

function unfit(why: string): PluginError {
  return new PluginError(
    'badModule',
    `plugin.wasm is refused: ${why}. Its author can build it as docs/plugins.md tells.`,
  );
}
