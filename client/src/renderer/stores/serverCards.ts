import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { CardState } from '../model/cardNotes.js';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';

/** What servers show of themselves, by address. The host looks at each now and then at most. */
export const useServerCards = defineStore('serverCards', () => {
  const client = useClientStore();
  const cards = shallowReactive(new Map<string, CardState>());

  async function look(address: string): Promise<void> {
    if (!cards.has(address)) cards.set(address, { phase: 'asking' });
    try {
      const server = await client.commands.servers.readCard(address);
      cards.set(address, { phase: 'seen', server });
    } catch (error) {
      cards.set(address, { phase: 'fault', fault: faultOf(error) });
    }
  }

  function lookAt(addresses: readonly string[]): void {
    for (const address of new Set(addresses)) void look(address);
  }

  return { cards, look, lookAt };
});
