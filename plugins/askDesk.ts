import {
  hostFunctions,
  hostRefusal,
  isHostFunction,
  type HostAnswer,
  type HostFunctionName,
  type PluginPermission,
} from './abi.js';
import { PluginError } from './errors.js';
import {
  hostInputs,
  type HostInput,
  type PluginAction,
  type StoreFunctionName,
} from './hostInputs.js';
import type { KeyValueStore } from './keyValueStore.js';

/** Carries out what a plugin wants of its host; does not reject. */
export type CarryOut = (action: PluginAction) => HostAnswer | Promise<HostAnswer>;

export interface AskDeskOptions {
  /** What was approved. */
  readonly permissions: readonly PluginPermission[];
  readonly store: KeyValueStore;
  readonly carryOut: CarryOut;
}

type KeptInput = { readonly [Name in StoreFunctionName]: HostInput<Name> };

/**
 * Answers what one plugin asks: only what it has the permission for, only input of the right form.
 * The one place where that is decided, for client and server.
 */
export class AskDesk {
  readonly #options: AskDeskOptions;
  /** Asks that were answered by a refusal. */
  refused = 0;

  constructor(options: AskDeskOptions) {
    this.#options = options;
  }

  /** @param input JSON as the plugin gave it, of bounded length. Does not reject. */
  async answer(name: string, input: string): Promise<HostAnswer> {
    const answer = await this.#answer(name, input);
    if (!answer.ok) this.refused += 1;
    return answer;
  }

  async #answer(name: string, json: string): Promise<HostAnswer> {
    if (!isHostFunction(name)) return hostRefusal('badInput', `There is no function "${name}".`);
    const permission = hostFunctions[name];
    if (!this.#options.permissions.includes(permission)) {
      return hostRefusal('notPermitted', `"${name}" needs the permission "${permission}".`);
    }
    const given = jsonOf(json);
    const checked = hostInputs[name].safeParse(given);
    if (!checked.success) {
      const { path, message } = checked.error.issues[0]!;
      return hostRefusal('badInput', `"${name}" got a wrong ${path.join('.')}: ${message}.`);
    }
    if (isKept(name)) return this.#keep(name, checked.data as KeptInput[typeof name]);
    return this.#options.carryOut({ name, input: checked.data } as PluginAction);
  }

  async #keep<Name extends StoreFunctionName>(
    name: Name,
    input: KeptInput[Name],
  ): Promise<HostAnswer> {
    const { store } = this.#options;
    if (name === 'kvGet') return { ok: true, value: store.get(input.key) };
    try {
      if ('value' in input) await store.set(input.key, input.value);
      else await store.delete(input.key);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      return hostRefusal(error.code === 'storeFull' ? 'full' : 'failed', error.message);
    }
  }
}

function isKept(name: HostFunctionName): name is StoreFunctionName {
  return name === 'kvGet' || name === 'kvSet' || name === 'kvDelete';
}

/** @returns undefined for what is no JSON */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
