import { ref, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { TextWindow } from '@rookery/client/engine/textWindow';
import type { TextMessage } from '@rookery/schemas/messages';
import { useNamedText } from './namedText.js';

/** What comes meanwhile is told together: nobody can listen to more. */
const everyMs = 1_500;

/** As much of a message as is read out. */
const wordsMax = 200;

/**
 * @param isOwn what one writes oneself needs no telling
 * @returns what is to be read out of new messages, for a live region
 */
export function useAnnouncements(
  textWindow: Readonly<Ref<TextWindow | null>>,
  isOwn: (message: TextMessage) => boolean,
): Readonly<Ref<string>> {
  const named = useNamedText();
  const { t } = useI18n();
  const announced = ref('');
  let waiting: TextMessage[] = [];

  watch(
    () => (textWindow.value?.hasLater === false ? textWindow.value.messages.at(-1) : undefined),
    (message, before) => {
      if (message === undefined || before === undefined) return;
      // Several may have come at once.
      const news = textWindow.value!.messages.filter(
        (one) => one.messageId > before.messageId && !isOwn(one),
      );
      if (news.length === 0) return;
      if (waiting.length === 0) setTimeout(announce, everyMs);
      waiting.push(...news);
    },
  );

  function announce(): void {
    const [first] = waiting;
    const count = waiting.length;
    waiting = [];
    if (first === undefined) return;
    const { displayName: name, text } = first;
    announced.value =
      count === 1
        ? t('chat.announced', { name, words: named(text).slice(0, wordsMax) })
        : t('chat.announcedMany', { count });
  }

  return announced;
}
