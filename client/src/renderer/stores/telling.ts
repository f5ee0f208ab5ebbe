import { computed, onScopeDispose, watch, watchEffect } from 'vue';
import type { TextMessage } from '@rookery/schemas/messages';
import { soundsBetween, type HearableState } from '../model/soundEvents.js';
import { unreadTotal } from '../model/unreadTotal.js';
import { useClientStore } from './clientStore.js';
import { useMessageTelling } from './messageTelling.js';
import { useNotifications } from './notifications.js';
import { useSounds } from './sounds.js';
import { useTalks } from './talks.js';
import { showUnread } from './windowTitle.js';

/**
 * Tells the user of what happens, as the settings say: by sounds, outside of the window, aloud, and
 * in the window's title. Only while there is a state to be told of.
 */
export function useTelling(): void {
  useEventSounds();
  useMessageNotices();
  useRinging();
  useUnreadTitle();
}

function useEventSounds(): void {
  const client = useClientStore();
  const sounds = useSounds();
  const others = computed<ReadonlySet<number>>(() => {
    const roomId = client.own?.roomId ?? null;
    if (roomId === null) return new Set();
    const there = [...client.state.sessions.values()].filter(
      (session) => session.roomId === roomId && session.sessionToken !== client.ownToken,
    );
    return new Set(there.map(({ sessionToken }) => sessionToken));
  });
  const connection = computed<HearableState['connection']>(() => {
    const { phase } = client.connection;
    if (phase === 'connected') return 'there';
    if (phase === 'reconnecting' || phase === 'resuming') return 'lost';
    const isThrownOut =
      phase === 'disconnected' && client.connection.reason.code === 'sessionEnded';
    return isThrownOut ? 'thrownOut' : 'none';
  });
  const hearable = computed<HearableState>(() => ({
    connection: connection.value,
    ownToken: client.ownToken,
    roomId: client.own?.roomId ?? null,
    others: others.value,
    isMuted: client.state.audio.settings.isMuted,
    isDeafened: client.state.audio.isDeafened,
    whisperers: [...client.state.audio.speakers.values()].filter(
      ({ isTalking, isWhispering }) => isTalking && isWhispering,
    ).length,
  }));
  watch(hearable, (after, before) => {
    for (const name of soundsBetween(before, after)) sounds.play(name);
  });
}

function useMessageNotices(): void {
  const client = useClientStore();
  const { tell } = useMessageTelling();
  const latestId = (): string => client.state.messages.at(-1)?.messageId ?? '';
  let toldId = latestId();
  watch(latestId, (id) => {
    const arrived = messagesAfter(client.state.messages, toldId);
    toldId = id;
    for (const message of arrived) tell(message);
  });
}

/** @param toldId '' for none; where it is not there any more only the newest counts */
function messagesAfter(messages: readonly TextMessage[], toldId: string): readonly TextMessage[] {
  if (toldId === '') return messages;
  const at = messages.findLastIndex(({ messageId }) => messageId === toldId);
  return at === -1 ? messages.slice(-1) : messages.slice(at + 1);
}

function useRinging(): void {
  const client = useClientStore();
  const sounds = useSounds();
  const talks = useTalks();
  const { tellOfCall } = useMessageTelling();
  const ringingId = computed(() => talks.ringing[0]?.talkId ?? null);
  watch(
    ringingId,
    (talkId) => {
      sounds.ring(talkId !== null);
      if (talkId === null) return;
      const caller = talks.ringing[0]?.members[0]?.userId;
      const participants = talks.talkOf(talkId)?.participants ?? [];
      const name = participants.find(({ userId }) => userId === caller)?.displayName ?? '';
      tellOfCall(talkId, name);
    },
    { immediate: client.isReady },
  );
  onScopeDispose(() => sounds.ring(false));
}

function useUnreadTitle(): void {
  const client = useClientStore();
  const notifications = useNotifications();
  watchEffect(() => {
    const { isTalk, levelOf } = notifications;
    const total = unreadTotal(client.state.unread.values(), isTalk, levelOf);
    const place = 'serverName' in client.connection ? client.connection.serverName : '';
    showUnread(total, place);
  });
}
