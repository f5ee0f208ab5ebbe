import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { CallInfo, TalkInfo, Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';
import { useWindowStore } from './windowStore.js';

/**
 * Talks outside of the tree, and calls in them. What goes wrong is said in a notice; the promises
 * tell whether it went well, and never reject.
 */
export const useTalks = defineStore('talks', () => {
  const client = useClientStore();
  const view = useWindowStore();
  const { attempt } = useNotices();

  /** The call in which the own session is; null: none. */
  const ownCall = computed<CallInfo | null>(() => {
    for (const call of client.state.calls.values()) {
      if (call.members.some(({ sessionToken }) => sessionToken === client.ownToken)) return call;
    }
    return null;
  });
  /** Calls that ring here, the oldest first. */
  const ringing = computed<readonly CallInfo[]>(() =>
    [...client.state.calls.values()]
      .filter(({ ringingUserIds }) => ringingUserIds.includes(client.ownUserId ?? ''))
      .sort((a, b) => a.startedAtMs - b.startedAtMs),
  );

  function talkOf(talkId: Uuid): TalkInfo | null {
    return client.state.talks.find((talk) => talk.talkId === talkId) ?? null;
  }

  /** Shows the talk with a user, which is made where there is none. */
  function openWith(userId: Uuid): Promise<boolean> {
    return attempt(async () => view.look(await client.commands.talks.open(userId)));
  }

  /** Calls a user, in the talk of the two. */
  function callWith(userId: Uuid): Promise<boolean> {
    return attempt(async () => {
      const talkId = await client.commands.talks.open(userId);
      view.look(talkId);
      await client.commands.talks.call(talkId);
    });
  }

  /** Goes into the call of a talk; where there is none it rings at the others. */
  function call(talkId: Uuid): Promise<boolean> {
    return attempt(() => client.commands.talks.call(talkId));
  }

  /** Goes into a call that rings, and shows what is written there. */
  function answer(talkId: Uuid): Promise<boolean> {
    return attempt(async () => {
      await client.commands.talks.answer(talkId);
      view.look(talkId);
    });
  }

  function decline(talkId: Uuid): Promise<boolean> {
    return attempt(() => client.commands.talks.decline(talkId));
  }

  function hangUp(): Promise<boolean> {
    return attempt(() => client.commands.talks.hangUp());
  }

  return { ownCall, ringing, talkOf, openWith, callWith, call, answer, decline, hangUp };
});
