import { FrameType } from '@rookery/schemas/frameType';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type {
  CommandMessage,
  HistoryPage,
  ReadHistory,
  SessionInfo,
  TextMessage,
  TextNews,
} from '@rookery/schemas/messages';
import type { MessageOf } from '@rookery/schemas/messages/codec';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import { BridgeHost } from '../../bridge/bridgeHost.js';
import { initialState, type State } from '../../engine/engineState.js';
import { Texts, type TextSession } from '../../engine/texts.js';
import { nothingKept, wholeEntries, type ClientState } from '../../host/clientState.js';
import { usualSettings } from '../../host/faceSettings.js';

const ownUserId = '00000000-0000-4000-8000-000000000001';
const own: SessionInfo = {
  ...defaultSession,
  sessionToken: 1,
  userId: ownUserId,
  displayName: 'Ada',
  roomId: rootRoomId,
};

/**
 * What a window is shown of a room with more messages than a server takes from one user in the time
 * of a test. The windows into the history are the engine's own; the pages of them are made here.
 */
export class LongHistory {
  /** Most messages that the engine held at once. */
  messagesHeldMax = 0;
  readonly bridge: BridgeHost;
  private state: State = {
    ...initialState,
    connection: {
      phase: 'connected',
      address: { host: 'test', port: 1 },
      serverName: 'Test',
      fingerprint: '',
      pin: 'known',
      userId: ownUserId,
      sessionToken: 1,
    },
  };
  private readonly texts: Texts;
  private settings = usualSettings;
  private isAnswering = Promise.resolve();

  constructor(private messages: TextMessage[]) {
    const session: TextSession = {
      state: this.state,
      request: () => Promise.resolve(undefined),
      query: async (command: CommandMessage) => {
        await this.isAnswering;
        return this.pageOf(command) as never;
      },
      update: (change) => this.update(change),
      views: { read: () => Promise.resolve() },
    };
    Object.defineProperty(session, 'state', { get: () => this.state });
    this.texts = new Texts(session);
    this.bridge = new BridgeHost({
      read: () => this.clientState(),
      wholes: wholeEntries,
      call: (command, args) => this.call(command, args),
    });
  }

  addPort(port: Parameters<BridgeHost['addPort']>[0]): void {
    this.bridge.addPort(port);
  }

  /** The server tells of something; new messages are kept. */
  tell(news: TextNews): void {
    if (news.type === FrameType.RoomMessage) this.messages = [...this.messages, news];
    this.texts.apply(news);
  }

  /** As from a server that is far away. @returns brings the pages that were asked for since */
  keepBack(): () => void {
    let answer = (): void => undefined;
    this.isAnswering = new Promise((resolve) => (answer = resolve));
    return answer;
  }

  private async call(command: string, args: readonly unknown[]): Promise<unknown> {
    const [group, name] = command.split('.') as [string, keyof Texts & `show${string}`];
    if (group === 'text' && name.startsWith('show')) {
      return (this.texts[name] as (...given: unknown[]) => Promise<void>)(...args);
    }
    if (command === 'shell.changeSettings') {
      this.settings = { ...this.settings, ...(args[0] as object) };
      this.bridge.changed();
    }
    return command === 'text.pins' ? [] : undefined;
  }

  private update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    const held = this.state.texts.get(rootRoomId)?.messages.length ?? 0;
    this.messagesHeldMax = Math.max(this.messagesHeldMax, held);
    this.bridge.changed();
  }

  private pageOf(command: CommandMessage): MessageOf<typeof FrameType.HistoryPage> {
    const { direction, messageId, count } = command as ReadHistory;
    const at = messageId === null ? -1 : this.messages.findIndex((m) => m.messageId >= messageId);
    const [from, to] = range(direction, at, count, this.messages.length);
    const messages = this.messages.slice(from, to);
    const page: Omit<HistoryPage, 'type'> = {
      roomId: rootRoomId,
      messages,
      hasEarlier: from > 0,
      hasLater: to < this.messages.length,
    };
    return { type: FrameType.HistoryPage, ...page };
  }

  private clientState(): ClientState {
    const { view, ...state } = this.state;
    return {
      ...state,
      rooms: new Map([
        [rootRoomId, { ...defaultRoom, roomId: rootRoomId, parentId: null, name: 'Lobby' }],
      ]),
      people: new Map([[rootRoomId, 1]]),
      sessions: new Map([[own.sessionToken, own]]),
      showsEverybody: view.showsEverybody,
      ...nothingKept,
      settings: this.settings,
    };
  }
}

function range(
  direction: HistoryDirection,
  at: number,
  count: number,
  length: number,
): readonly [number, number] {
  if (direction === HistoryDirection.Before) {
    const to = at === -1 ? length : at;
    return [Math.max(0, to - count), to];
  }
  const from = direction === HistoryDirection.After ? at + 1 : Math.max(0, at - count / 2);
  return [from, Math.min(length, from + count)];
}

/** Ids that sort by time, like those of a server. */
export function historyId(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

const lines = [
  'Good morning!',
  'A longer one, which takes more than a line in most windows, because somebody had a lot to say ' +
    'about the weather, the game of yesterday, and what there is to be had at the market today.',
  '```\nconst answer = 42;\nconsole.log(answer);\n```',
  '- one\n- two\n- three',
  '👍',
  'See https://example.org/a/page for the rest.',
];

/** Messages of all heights, by a few people, over some days. */
export function variedMessages(count: number): TextMessage[] {
  const minuteMs = 60_000;
  return Array.from({ length: count }, (_, i) =>
    textMessage({
      messageId: historyId(i),
      userId: `00000000-0000-4000-8000-00000000010${Math.floor(i / 3) % 4}`,
      displayName: `Member ${Math.floor(i / 3) % 4}`,
      text: `${i}: ${lines[(i * 7) % lines.length]}`,
      sentAtMs: 1_700_000_000_000 + i * 3 * minuteMs,
      reactions: i % 11 === 0 ? [{ emoji: '🎉', count: 2, mine: false }] : [],
    }),
  );
}
