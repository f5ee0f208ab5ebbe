import { ref, shallowRef, toRaw, type Ref } from 'vue';
import { partHashes } from '@rookery/client/bridge/canonicalState';
import { useClientStore } from './clientStore.js';

/** One part of the state, at both ends. */
export interface ComparedPart {
  readonly name: string;
  /** SHA-256, 64 hexadecimal digits; '' where it is not there. */
  readonly engineHash: string;
  readonly pageHash: string;
}

export interface StateComparison {
  readonly parts: Readonly<Ref<readonly ComparedPart[] | null>>;
  readonly isComparing: Readonly<Ref<boolean>>;
  /** @throws RemoteFault where the engine is gone */
  readonly compare: () => Promise<void>;
}

/** What happens between two moments is no difference; what is one stays one. */
const triesMax = 3;

/** Compares what the engine shows with what this window has, by hashes that both make alike. */
export function useStateComparison(): StateComparison {
  const client = useClientStore();
  const parts = shallowRef<readonly ComparedPart[] | null>(null);
  const isComparing = ref(false);

  async function compareOnce(): Promise<readonly ComparedPart[]> {
    await client.commands.developer.pinState();
    // Nothing else has come since the answer, which follows what it is about.
    const [page, engine] = await Promise.all([
      partHashes(toRaw(client.state)),
      client.commands.developer.hashPinned(),
    ]);
    const names = [...new Set([...Object.keys(engine), ...Object.keys(page)])].sort();
    return names.map((name) => ({
      name,
      engineHash: engine[name] ?? '',
      pageHash: page[name] ?? '',
    }));
  }

  async function compare(): Promise<void> {
    isComparing.value = true;
    try {
      for (let tries = 0; tries < triesMax; tries += 1) {
        const compared = await compareOnce();
        parts.value = compared;
        if (compared.every(({ engineHash, pageHash }) => engineHash === pageHash)) return;
      }
    } finally {
      isComparing.value = false;
    }
  }

  return { parts, isComparing, compare };
}
