import { randomBytes } from 'node:crypto';
import { AbuseDesk } from './abuse/abuseDesk.js';
import { AccountDesk } from './accounts/accountDesk.js';
import { Admission } from './accounts/admission.js';
import { AccessDesk } from './access/accessDesk.js';
import { AccessEffects } from './access/accessEffects.js';
import { RoleNews } from './access/roleNews.js';
import { Publisher } from './broadcast/publisher.js';
import type { CommandContext } from './command/commandContext.js';
import { RoomChanges } from './command/roomChanges.js';
import { TemporaryRooms } from './command/temporaryRooms.js';
import type { ControlPlaneOptions } from './controlPlane.js';
import { openAuditLog } from './moderation/auditLog.js';
import { Moderation } from './moderation/moderation.js';
import { TalkWatch } from './admin/live/talkWatch.js';
import { Happenings } from './operators/happenings.js';
import { openOperators, type Operators } from './operators/operators.js';
import { openPlugins } from './plugins/openPlugins.js';
import { PluginFeed } from './plugins/pluginFeed.js';
import { MemberKeyBook } from './privateRooms/memberKeyBook.js';
import { BotDoor, roleOfBots } from './bots/botDoor.js';
import type { Connection } from './session/connection.js';
import type { Parting } from './session/parting.js';
import { SessionDirectory, type SessionDirectoryOptions } from './session/sessionDirectory.js';
import { Signals } from './session/signals.js';
import { CommunityState } from './state/communityState.js';
import type { Applied } from './state/outcome.js';
import type { CallBook } from './talks/callBook.js';
import { openTalks } from './talks/openTalks.js';
import { RoomPlaces } from './text/roomPlaces.js';
import { TextPlaces } from './text/textPlaces.js';

/** What the control plane gives them. */
export interface ControlDesksSurroundings {
  /** Runs the publisher's flush() after this time; 0 is the end of the event loop's turn. */
  readonly scheduleFlush: (delayMs: number) => void;
  /** Ends a conversation. */
  readonly part: (connection: Connection, parting: Parting) => void;
  /** Called when something was sent outside of a QUIC event. */
  readonly wake: () => void;
}

/**
 * All that commands and logins work on, wired together: state, publisher, permissions, places,
 * talks, sessions. Rooms of before are there when it is made. Main thread.
 */
export class ControlDesks {
  readonly state: CommunityState;
  readonly access: AccessDesk;
  readonly admission: Admission;
  readonly bots: BotDoor;
  readonly abuse: AbuseDesk;
  readonly moderation: Moderation;
  readonly publisher: Publisher;
  readonly directory: SessionDirectory;
  readonly signals: Signals;
  readonly calls: CallBook;
  /** What commands use, but for the session. */
  readonly commands: Omit<CommandContext, 'session'>;
  /** Those who run the server from outside. */
  readonly operators: Operators;
  readonly #options: ControlPlaneOptions;
  readonly #accessEffects: AccessEffects;
  readonly #roleNews: RoleNews;
  readonly #temporaryRooms: TemporaryRooms;
  readonly #memberKeys: MemberKeyBook;
  readonly #happenings: Happenings;
  readonly #feed: PluginFeed;
  readonly #talking = new TalkWatch();

  constructor(options: ControlPlaneOptions, around: ControlDesksSurroundings) {
    const { limits, voice, store, files, everyoneIs, entry } = options;
    const { passwords } = entry;
    const nowMs = (): number => performance.now();
    const wallClockMs = (): number => Date.now();
    this.#options = options;
    const state = new CommunityState(limits.state);
    this.state = state;
    this.#happenings = new Happenings(state, wallClockMs);
    const findMessage = store.messages.find.bind(store.messages);
    const feed = new PluginFeed({ state, findMessage });
    this.#feed = feed;
    this.#loadRooms();
    this.bots = new BotDoor({ rule: options.bots, limits: limits.bots, nowMs });
    const botsAre = roleOfBots(options.bots, everyoneIs);
    const access = new AccessDesk({ state, store, everyoneIs, botsAre });
    this.access = access;
    this.abuse = this.#openAbuse(nowMs, wallClockMs);
    const publisher = this.#createPublisher(around, nowMs);
    this.publisher = publisher;
    const accessEffects = new AccessEffects({ access, state, publisher });
    this.#accessEffects = accessEffects;
    access.follow(accessEffects);
    this.#roleNews = new RoleNews({ access, state, store, publisher });
    const roomChanges = new RoomChanges();
    this.#temporaryRooms = new TemporaryRooms({
      ...{ state, store, publisher, roomChanges, nowMs },
      limits: limits.rooms,
    });
    const { wake } = around;
    const { talks, calls } = openTalks({
      ...{ state, voice, store, publisher, limits, nowMs, wallClockMs, wake },
      tokenOf: (userId) => this.directory.tokenOf(userId),
    });
    this.calls = calls;
    this.moderation = this.#openModeration(around, nowMs, wallClockMs);
    const { moderation } = this;
    this.#memberKeys = new MemberKeyBook({ state, publisher });
    const noteAct = this.#happenings.noteAct.bind(this.#happenings);
    const audit = openAuditLog(store, limits.moderation.audit, noteAct);
    const accounts = new AccountDesk({
      ...{ entry, store, access, audit, limits: limits.accounts, wallClockMs, nowMs },
      showName: (userId, name) => this.directory.rename(userId, name),
    });
    this.admission = new Admission({ entry, accounts });
    const { names } = accounts;
    this.directory = this.#openDirectory({ talks, calls, names }, nowMs, wallClockMs);
    const places = new TextPlaces([new RoomPlaces(state, publisher, access, feed), talks]);
    const connectionOf = (token: number): Connection | null => this.connectionOf(token);
    const { abuse } = this;
    this.signals = new Signals({
      ...{ state, publisher, calls, places, connectionOf, nowMs, wake },
      limits: limits.signals,
      takeFromBudgets: ({ token, userId }) => {
        const source = connectionOf(token)?.source;
        return source !== undefined && abuse.pacing.takeOf({ userId, source }, 'signal') === null;
      },
    });
    files.open({ places, lineOf: connectionOf, wake });
    this.commands = {
      ...{ state, access, publisher, store, roomChanges, places, talks, calls, files, wallClockMs },
      ...{ passwords, attachments: files.attachments },
      memberKeys: this.#memberKeys,
      temporaryBans: this.abuse.bans,
      ...{ audit, accounts, moderation, sessions: this.directory },
    };
    this.operators = this.#openOperators(accounts, nowMs, wallClockMs);
  }

  /** The connection of a session that is there. */
  connectionOf(sessionToken: number): Connection | null {
    return this.directory.connectionOfSession(sessionToken);
  }

  /** What is done now and then. Call it about once a second. */
  sweep(nowMs: number): void {
    this.directory.endOverdue();
    void this.#temporaryRooms.sweep();
    this.signals.sweep(nowMs);
    this.abuse.sweep();
    this.calls.sweep(nowMs);
    this.#roleNews.tell();
    const { voice } = this.#options;
    this.#talking.look(this.state.tokens(), (token) => voice.packetsOf(token));
    this.#feed.noteTalkers(this.#talking.talkers);
  }

  #openOperators(accounts: AccountDesk, nowMs: () => number, wallClockMs: () => number): Operators {
    const { store, entry, limits, log, pluginsFolder: folder } = this.#options;
    const { access, abuse, bots, commands } = this;
    const { names } = accounts;
    const feed = this.#feed;
    return openOperators({
      ...{ store, access, accounts, commands, abuse, bots, pool: entry.passwords },
      ...{ happenings: this.#happenings, talking: this.#talking, nowMs, wallClockMs },
      openPlugins: (desk) => {
        const surroundings = { desk, feed, names, store, nowMs, wallClockMs, log };
        return openPlugins({ ...surroundings, folder, limits: limits.plugins });
      },
    });
  }

  #openAbuse(nowMs: () => number, wallClockMs: () => number): AbuseDesk {
    const { store, limits } = this.#options;
    return new AbuseDesk({
      limits: limits.abuse,
      isTrusted: (source) => this.bots.isTrusted(source),
      isKnown: (userId) => store.users.find(userId) !== null,
      keptBans: store.temporaryBans,
      ...{ nowMs, wallClockMs },
    });
  }

  #openDirectory(
    desks: Pick<SessionDirectoryOptions, 'talks' | 'calls' | 'names'>,
    nowMs: () => number,
    wallClockMs: () => number,
  ): SessionDirectory {
    const { voice, store, files, limits } = this.#options;
    const { state, moderation, access, publisher } = this;
    return new SessionDirectory({
      ...{ state, moderation, access, voice, publisher, store, files, nowMs, wallClockMs },
      ...desks,
      laneLimits: limits.lanes,
      resumeLimits: limits.resume,
    });
  }

  #openModeration(
    { part }: ControlDesksSurroundings,
    nowMs: () => number,
    wallClockMs: () => number,
  ): Moderation {
    const { store, limits } = this.#options;
    const { state, publisher } = this;
    const sessions = (): SessionDirectory => this.directory;
    return new Moderation({
      ...{ state, publisher, store, sessions, part, nowMs, wallClockMs },
      limits: limits.moderation,
    });
  }

  #createPublisher({ scheduleFlush }: ControlDesksSurroundings, nowMs: () => number): Publisher {
    const { limits, voice } = this.#options;
    return new Publisher({
      state: this.state,
      access: this.access,
      voice,
      limits: limits.broadcast,
      streamLimits: limits.streams,
      whisperLimits: limits.whispers,
      nowMs,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      scheduleFlush,
      onPublish: (outcome) => this.#note(outcome),
      onPublished: () => this.#accessEffects.settle(),
    });
  }

  /** Before anybody else is told. */
  #note(outcome: Applied): void {
    this.access.note(outcome);
    this.#temporaryRooms.note(outcome);
    this.#memberKeys.note(outcome);
    this.signals.note(outcome);
    this.calls.note(outcome);
    this.#happenings.note(outcome);
    this.#feed.note(outcome);
  }

  /** The rooms of before are there when the first client comes. */
  #loadRooms(): void {
    const { store, voice, log } = this.#options;
    const rooms = store.rooms.list();
    const lost = this.state.loadRooms(rooms);
    for (const room of lost) log.warn({ room }, 'a room is left out: there is none above it');
    for (const room of rooms) if (!lost.includes(room)) voice.setRoomVoice(room.roomId, room);
  }
}
