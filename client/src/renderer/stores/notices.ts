import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { i18n } from '../i18n/index.js';
import { faultOf, wordsOfFault } from './faultWords.js';

/** A short word to the user about what was just done. */
export interface Notice {
  readonly noticeId: number;
  readonly kind: 'done' | 'fault';
  readonly words: string;
}

/** Milliseconds; faults stay until they are taken away. */
const shownMs = 4_000;

/** Older ones go when there are more: whatever goes wrong again and again fills no screen. */
const noticesMax = 4;

/** What is said to the user outside of the place where it was asked for. */
export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let lastId = 0;

  function tell(kind: Notice['kind'], words: string): void {
    lastId += 1;
    const noticeId = lastId;
    notices.value = [...notices.value, { noticeId, kind, words }].slice(-noticesMax);
    if (kind === 'done') setTimeout(() => dismiss(noticeId), shownMs);
  }

  function dismiss(noticeId: number): void {
    notices.value = notices.value.filter((notice) => notice.noticeId !== noticeId);
  }

  /**
   * Does what the user asked for, and says what went wrong, if anything does.
   *
   * @returns whether it went well
   */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      tell('fault', wordsOfFault(faultOf(error), i18n.global.t));
      return false;
    }
  }

  return { notices, tell, dismiss, attempt };
});
