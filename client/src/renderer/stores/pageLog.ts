import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { LogDraft, LogEntry } from '@rookery/client/host/clientLog';
import { withoutSecrets } from '@rookery/client/host/withoutSecrets';

/** What goes wrong in a page goes wrong again and again: the last of it says enough. */
const entriesMax = 200;

/** What went wrong in this page; the engine has its own log. */
export const usePageLog = defineStore('pageLog', () => {
  const entries = shallowRef<readonly LogEntry[]>([]);
  let lastId = 0;

  function add({ level, part, text, fields = {} }: LogDraft): void {
    lastId += 1;
    const entry = { entryId: lastId, atMs: Date.now(), level, part, fields };
    entries.value = [...entries.value, { ...entry, text: withoutSecrets(text) }].slice(-entriesMax);
  }

  /** Hears of faults that nobody catches, for as long as the page is there. */
  function listen(): void {
    addEventListener('error', ({ message }) =>
      add({ level: 'error', part: 'page', text: message }),
    );
    addEventListener('unhandledrejection', ({ reason }) => {
      const text = reason instanceof Error ? reason.message : String(reason);
      add({ level: 'error', part: 'page', text });
    });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const fields = { blocked: withoutSecrets(blockedURI) };
      add({ level: 'warn', part: 'page', text: `not allowed by ${violatedDirective}`, fields });
    });
  }

  return { entries, add, listen };
});
