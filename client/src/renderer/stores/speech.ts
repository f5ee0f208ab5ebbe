import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { i18n } from '../i18n/index.js';
import { speechText } from '../model/speechText.js';
import { useClientStore } from './clientStore.js';

/** More would be heard long after they were written: the newest are left out. */
const waitingMax = 5;

/** Reads messages aloud, one after another, by the voices of the system. */
export const useSpeech = defineStore('speech', () => {
  const client = useClientStore();
  const { t } = i18n.global;
  /** Missing where the system has no voices at all. */
  const synthesis = 'speechSynthesis' in window ? window.speechSynthesis : null;
  const voices = shallowRef<readonly SpeechSynthesisVoice[]>(synthesis?.getVoices() ?? []);
  let waiting = 0;
  synthesis?.addEventListener('voiceschanged', () => {
    voices.value = synthesis.getVoices();
  });

  /** @param markdown as it was written */
  function read(authorName: string, markdown: string): void {
    const words = speechText(markdown, { link: t('notify.link'), code: t('notify.code') });
    if (synthesis === null || words === '' || waiting >= waitingMax) return;
    say(t('notify.spoken', { name: authorName, text: words }));
  }

  /** Says something at once, as messages are read. */
  function say(text: string): void {
    const { readingLanguage, readingPacePct } = client.state.settings;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = readingLanguage === '' ? i18n.global.locale.value : readingLanguage;
    utterance.rate = readingPacePct / 100;
    const over = (): void => {
      waiting -= 1;
    };
    utterance.addEventListener('end', over);
    utterance.addEventListener('error', over);
    waiting += 1;
    synthesis?.speak(utterance);
  }

  /** Says nothing more of what waits. */
  function hush(): void {
    synthesis?.cancel();
  }

  return { voices, read, say, hush };
});
