import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';

/** What people are called, of whom this client knows. */
export const usePeopleNames = defineStore('peopleNames', () => {
  const client = useClientStore();

  /** Of those who take part in talks, and of those who are there, whose names are newer. */
  const names = computed<ReadonlyMap<Uuid, string>>(() => {
    const known = new Map<Uuid, string>();
    for (const { participants } of client.state.talks) {
      for (const { userId, displayName } of participants) known.set(userId, displayName);
    }
    for (const { userId, displayName } of client.state.sessions.values()) {
      known.set(userId, displayName);
    }
    return known;
  });

  /** null for somebody unknown. */
  function nameOf(userId: Uuid): string | null {
    return names.value.get(userId) ?? null;
  }

  return { names, nameOf };
});
