import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { NoticeLevel } from '@rookery/client/host/noticeNames';
import type { Uuid } from '@rookery/schemas/messages';
import { levelOfPlace } from '../model/notificationRules.js';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';

/** Of what one is told, place by place. Kept by the host, for each server. */
export const useNotifications = defineStore('notifications', () => {
  const client = useClientStore();
  const notices = useNotices();

  const fingerprint = computed(() =>
    'fingerprint' in client.connection ? client.connection.fingerprint : null,
  );
  const levels = computed<Readonly<Record<Uuid, NoticeLevel>>>(() => {
    if (fingerprint.value === null) return {};
    return client.state.settings.servers[fingerprint.value]?.noticeLevels ?? {};
  });

  function isTalk(placeId: Uuid): boolean {
    return client.state.talks.some(({ talkId }) => talkId === placeId);
  }

  /** Of which messages of a room or talk one is told. */
  function levelOf(placeId: Uuid): NoticeLevel {
    const { noticeLevel } = client.state.settings;
    return levelOfPlace(levels.value[placeId] ?? null, noticeLevel, isTalk(placeId));
  }

  /** The level of its own that a place has; null: the usual one holds. */
  function ownLevelOf(placeId: Uuid): NoticeLevel | null {
    return levels.value[placeId] ?? null;
  }

  /** @param level null: the usual one holds @returns whether it went well; says what did not */
  async function setLevel(placeId: Uuid, level: NoticeLevel | null): Promise<boolean> {
    const server = fingerprint.value;
    if (server === null) return false;
    const { servers } = client.state.settings;
    const others = Object.entries(levels.value).filter(([id]) => id !== placeId);
    const next = level === null ? others : [...others, [placeId, level] as const];
    const noticeLevels = Object.fromEntries(next);
    const face = { closedIds: [], ...servers[server], noticeLevels };
    return notices.attempt(() =>
      client.commands.shell.changeSettings({ servers: { ...servers, [server]: face } }),
    );
  }

  return { levelOf, ownLevelOf, setLevel, isTalk };
});
