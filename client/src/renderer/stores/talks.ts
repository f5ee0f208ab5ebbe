import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { talkName } from '@rookery/client/engine/talkName';
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

  // Whoever looks at the talk has seen that somebody called.
  watch(
    () => {
      const talkId = client.isReady ? view.shownTalk?.talkId : undefined;
      return talkId !== undefined && client.state.missedCalls.has(talkId) ? talkId : undefined;
    },
    (talkId) => {
      if (talkId !== undefined) void client.commands.shell.forgetMissedCall(talkId);
    },
    { immediate: true },
  );

  /** What a talk is called here. */
  function nameOf(talk: TalkInfo): string {
    return talkName(talk, client.ownUserId);
  }

  /** As nameOf(); '' where there is no such talk. */
  function nameOfId(talkId: Uuid): string {
    const talk = talkOf(talkId);
    return talk === null ? '' : nameOf(talk);
  }

  /** What somebody in a talk is called; '' for who takes part no longer. */
  function nameIn(talkId: Uuid, userId: Uuid): string {
    const participants = talkOf(talkId)?.participants ?? [];
    return participants.find((one) => one.userId === userId)?.displayName ?? '';
  }

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

  const names = { talkOf, nameOf, nameOfId, nameIn };
  return { ownCall, ringing, ...names, openWith, callWith, ...useCallActions() };
});

/** Into calls and out of them. */
function useCallActions() {
  const client = useClientStore();
  const view = useWindowStore();
  const { attempt } = useNotices();
  return {
    /** Goes into the call of a talk; where there is none it rings at the others. */
    call: (talkId: Uuid) => attempt(() => client.commands.talks.call(talkId)),
    /** Goes into a call that rings, and shows what is written there. */
    answer: (talkId: Uuid) =>
      attempt(async () => {
        await client.commands.talks.answer(talkId);
        view.look(talkId);
      }),
    decline: (talkId: Uuid) => attempt(() => client.commands.talks.decline(talkId)),
    hangUp: () => attempt(() => client.commands.talks.hangUp()),
  };
}
