import { initialState } from '@rookery/client/engine/engineState';
import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import { nothingKept, type ClientState } from '@rookery/client/host/clientState';
import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';

const silent: SpeakerStatistics = {
  isTalking: false,
  isWhispering: false,
  levelDbfs: -20,
  depthMs: 40,
  jitterMs: 1,
  delayMs: 50,
  framesPlayed: 0,
  framesRecovered: 0,
  framesConcealed: 0,
  framesLate: 0,
  framesDuplicate: 0,
  samplesStretched: 0,
  payloadBytes: 0,
};

/** What a window is shown of a large server, changed as people talk and go about. */
export class Crowd {
  private current: ClientState;
  private readonly roomIds: readonly Uuid[];
  private turns = 0;

  constructor(
    private readonly people: number,
    rooms: number,
  ) {
    const inner = Array.from({ length: rooms - 1 }, (_, i) => room(id('a', i), `Room ${i + 1}`));
    const all = [room(rootRoomId, 'Lobby', null), ...inner];
    this.roomIds = all.map(({ roomId }) => roomId);
    const sessions = Array.from({ length: people }, (_, i) => session(i + 1, this.roomOf(i)));
    const { view, ...state } = initialState;
    this.current = {
      ...state,
      ...nothingKept,
      connection: {
        phase: 'connected',
        address: { host: 'bench', port: 1 },
        serverName: 'A large server',
        fingerprint: '',
        pin: 'known',
        userId: id('b', 1),
        sessionToken: 1,
      },
      rooms: new Map(all.map((each) => [each.roomId, each])),
      people: new Map(this.roomIds.map((roomId) => [roomId, Math.round(people / rooms)])),
      sessions: new Map(sessions.map((each) => [each.sessionToken, each])),
      showsEverybody: view.showsEverybody,
    };
  }

  get state(): ClientState {
    return this.current;
  }

  /** One of 200 begins to talk, or ends. */
  talk(): void {
    const { audio } = this.current;
    const token = 1 + ((this.turns++ * 7) % 200);
    const before = audio.speakers.get(token) ?? silent;
    const after = { ...before, isTalking: !before.isTalking };
    const speakers = new Map(audio.speakers).set(token, after);
    this.current = { ...this.current, audio: { ...audio, speakers } };
  }

  /** Somebody goes to another room. */
  move(): void {
    const turn = this.turns++;
    const token = 1 + ((turn * 13) % this.people);
    const sessions = new Map(this.current.sessions);
    sessions.set(token, session(token, this.roomOf(turn * 31)));
    this.current = { ...this.current, sessions };
  }

  private roomOf(n: number): Uuid {
    return this.roomIds[n % this.roomIds.length]!;
  }
}

function id(kind: string, n: number): Uuid {
  return `${kind}0000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
}

function room(roomId: Uuid, name: string, parentId: Uuid | null = rootRoomId): RoomInfo {
  return { ...defaultRoom, roomId, parentId, name };
}

function session(sessionToken: number, roomId: Uuid): SessionInfo {
  return {
    ...defaultSession,
    sessionToken,
    userId: id('b', sessionToken),
    displayName: `Member ${sessionToken}`,
    roomId,
  };
}
