import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import type { Bookmark } from '@rookery/client/host/bookmarks';
import type { PendingLink } from '@rookery/client/host/clientState';
import type { RecentServer } from '@rookery/client/host/recentServers';
import type { EngineFault } from '@rookery/client/engine/engineState';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';

/** The fields, and what they were filled from. */
function connectFields() {
  const client = useClientStore();
  const fields = reactive({
    address: '',
    nickname: client.state.settings.nickname,
    password: '',
    accountPassword: '',
    inviteCode: '',
    /** '' for the one that is set for the server. */
    identity: '',
    keeps: true,
  });
  const bookmarkId = ref<string | null>(null);
  /** The link that the fields were filled from, until they lead elsewhere. */
  const link = shallowRef<PendingLink | null>(null);

  watch(
    () => client.state.pendingLink,
    (opened) => {
      if (opened === null) return;
      takeLink(opened);
      void client.commands.shell.takeLink();
    },
    { immediate: true },
  );
  watch(
    () => fields.address,
    (address) => {
      if (address !== link.value?.address) link.value = null;
      const kept = client.state.bookmarks.find((each) => each.bookmarkId === bookmarkId.value);
      if (address !== kept?.address) bookmarkId.value = null;
    },
  );

  function takeLink(opened: PendingLink): void {
    forgetSecrets();
    bookmarkId.value = null;
    fields.address = opened.address;
    fields.inviteCode = opened.inviteCode ?? '';
    link.value = opened;
  }

  function forgetSecrets(): void {
    fields.password = '';
    fields.accountPassword = '';
    fields.inviteCode = '';
    fields.identity = '';
  }

  /** With what the link says of the server's key; else as it was typed. */
  function linkedAddress(): string {
    const address = fields.address.trim();
    const fingerprint = link.value?.fingerprint ?? null;
    if (fingerprint === null) return address;
    return `rookery://${address}/?fingerprint=${fingerprint.replaceAll(':', '')}`;
  }

  return { fields, bookmarkId, link, forgetSecrets, linkedAddress };
}

/** Where one wants to go, as it stands in the fields, and what came of it. */
export const useConnectForm = defineStore('connectForm', () => {
  const client = useClientStore();
  const { shell } = client.commands;
  const { fields, bookmarkId, link, forgetSecrets, linkedAddress } = connectFields();
  const fault = shallowRef<EngineFault | null>(null);
  /** One that was given up says nothing any more. */
  let attempts = 0;

  /** Why one is not, or no more, on a server. */
  const shownFault = computed(
    () =>
      fault.value ?? (client.connection.phase === 'disconnected' ? client.connection.reason : null),
  );
  const isConnecting = computed(() => client.connection.phase === 'connecting');

  /** @param acceptedFingerprint of a changed key, as the user vouched for it */
  async function connect(acceptedFingerprint?: string): Promise<void> {
    attempts += 1;
    const own = attempts;
    fault.value = null;
    const nickname = fields.nickname.trim();
    try {
      await shell.changeSettings({ nickname });
      await shell.connect({
        address: linkedAddress(),
        nickname,
        ...filled('password', fields.password),
        ...filled('accountPassword', fields.accountPassword),
        ...filled('inviteCode', fields.inviteCode.trim()),
        ...filled('identity', fields.identity),
        ...filled('acceptedFingerprint', acceptedFingerprint ?? ''),
        ...filled('bookmarkId', bookmarkId.value ?? ''),
      });
      if (fields.keeps) await keep(fields.address.trim(), nickname);
      forgetSecrets();
    } catch (error) {
      if (own === attempts) fault.value = faultOf(error);
    }
  }

  /** Gives up, whatever is under way, and forgets what went wrong. */
  async function cancel(): Promise<void> {
    attempts += 1;
    fault.value = null;
    await shell.disconnect();
  }

  function goToBookmark(kept: Bookmark): Promise<void> {
    forgetSecrets();
    fields.address = kept.address;
    fields.nickname = kept.nickname;
    bookmarkId.value = kept.bookmarkId;
    return connect();
  }

  function goToRecent({ address, nickname }: RecentServer): Promise<void> {
    forgetSecrets();
    fields.address = address;
    fields.nickname = nickname;
    fields.keeps = false;
    return connect();
  }

  const form = { fields, bookmarkId, link, isConnecting, shownFault };
  return { ...form, connect, cancel, goToBookmark, goToRecent, forgetSecrets };
});

/** Left out where it is empty. */
function filled<Name extends string>(name: Name, value: string): Partial<Record<Name, string>> {
  return value === '' ? {} : ({ [name]: value } as Record<Name, string>);
}

/** Keeps the server that one is on, unless it is kept already. */
async function keep(address: string, nickname: string): Promise<void> {
  const { connection, state, commands } = useClientStore();
  const isKept = state.bookmarks.some((kept) => kept.address === address);
  if (isKept || !('serverName' in connection)) return;
  const { host, port } = connection.address;
  const isLink = address.toLowerCase().startsWith('rookery:');
  await commands.shell.addBookmark({
    label: connection.serverName || address,
    address: isLink ? `${host.includes(':') ? `[${host}]` : host}:${port}` : address,
    nickname,
    group: '',
  });
}
