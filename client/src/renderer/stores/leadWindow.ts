import { defineStore } from 'pinia';
import { ref } from 'vue';

/** One of all windows of this client holds it. */
const lockName = 'rookery-lead-window';

/**
 * Of several windows of one client one speaks for all of them: plays sounds, and tells of messages.
 * It is the one that was looked at last, and another one once that is closed.
 */
export const useLeadWindow = defineStore('leadWindow', () => {
  const isLead = ref(false);

  /** Waits in line, or takes the lead from the window that has it. */
  async function lead(how: LockOptions): Promise<void> {
    const given = (): Promise<never> => {
      isLead.value = true;
      // Held until the window is closed, or another one takes it.
      return new Promise<never>(() => undefined);
    };
    try {
      await navigator.locks.request(lockName, how, given);
    } catch (error) {
      isLead.value = false;
      const isTaken = error instanceof DOMException && error.name === 'AbortError';
      if (isTaken) await lead({});
      // Without locks no window knows of another: better twice than not at all.
      else isLead.value = true;
    }
  }

  function takeLead(): void {
    if (!isLead.value) void lead({ steal: true });
  }

  void lead(document.hasFocus() ? { steal: true } : {});
  window.addEventListener('focus', takeLead);

  return { isLead };
});
