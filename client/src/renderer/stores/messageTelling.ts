import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { i18n } from '../i18n/index.js';
import { howToTell } from '../model/notificationRules.js';
import { useClientStore } from './clientStore.js';
import { useDesktopNotices } from './desktopNotices.js';
import { useLeadWindow } from './leadWindow.js';
import { useNamedText } from './namedText.js';
import { useNotifications } from './notifications.js';
import { useSounds } from './sounds.js';
import { useSpeech } from './speech.js';
import { useWindowStore } from './windowStore.js';

/** Tells of messages and calls: by sound, aloud, and outside of the window. */
export function useMessageTelling() {
  const client = useClientStore();
  const view = useWindowStore();
  const leadWindow = useLeadWindow();
  const notifications = useNotifications();
  const desktop = useDesktopNotices();
  const sounds = useSounds();
  const speech = useSpeech();
  const named = useNamedText();
  const { t } = i18n.global;

  /** Tells of a message that has just come, as the user wants it. */
  function tell(message: TextMessage): void {
    const { settings, audio } = client.state;
    const isFocused = document.hasFocus();
    const told = howToTell(
      {
        isOwn: message.userId === client.ownUserId,
        isDirect: notifications.isTalk(message.roomId),
        isMention: client.ownUserId !== null && message.mentionedIds.includes(client.ownUserId),
        isSeen: isFocused && view.shownPlace?.placeId === message.roomId,
      },
      {
        placeLevel: notifications.ownLevelOf(message.roomId),
        usualLevel: settings.noticeLevel,
        isDoNotDisturb: settings.isDoNotDisturb,
        showsDesktopNotices: settings.showsDesktopNotices,
        readsAloud: settings.readsAloud,
      },
      isFocused,
    );
    if (told.sound !== null) sounds.play(told.sound);
    if (!leadWindow.isLead) return;
    const isDeaf = settings.isQuietWhileDeafened && audio.isDeafened;
    if (told.isReadAloud && !isDeaf) speech.read(message.displayName, named(message.text));
    if (told.isOnDesktop) desktop.showMessage(message);
  }

  /** Tells of a call that has begun to ring. */
  function tellOfCall(talkId: Uuid, callerName: string): void {
    const { isDoNotDisturb, showsDesktopNotices } = client.state.settings;
    if (isDoNotDisturb || !showsDesktopNotices || document.hasFocus()) return;
    if (leadWindow.isLead) desktop.show(talkId, t('notify.calls', { name: callerName }), '');
  }

  return { tell, tellOfCall };
}
