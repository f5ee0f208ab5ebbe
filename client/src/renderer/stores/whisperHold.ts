import { computed } from 'vue';
import type { WhisperWish } from '@rookery/client/host/whisperLists';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';

/** Whispering for as long as something is held. */
export function useWhisperHold() {
  const client = useClientStore();
  const notices = useNotices();

  /** Who is whispered to now, as words; null: nobody. */
  const targetName = computed<string | null>(() => {
    const { whisper, settings } = client.state;
    if (whisper === null) return null;
    if (whisper.kind === 'list') {
      return settings.whisperLists.find(({ listId }) => listId === whisper.listId)?.name ?? '';
    }
    if (whisper.kind === 'room') return client.roomOf(whisper.roomId)?.name ?? '';
    return nameOf(whisper.userId);
  });

  function nameOf(userId: string): string {
    for (const session of client.state.sessions.values()) {
      if (session.userId === userId) return session.displayName;
    }
    return '';
  }

  function begin(wish: WhisperWish): void {
    void notices.attempt(() => client.commands.shell.beginWhisper(wish));
  }

  function end(): void {
    void notices.attempt(() => client.commands.shell.endWhisper());
  }

  return { targetName, begin, end };
}
