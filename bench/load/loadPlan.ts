import type { LoadSession } from './loadMessages.js';

/** Who speaks, and how many copies of a speaker's frame each socket should get. */
export interface LoadPlan {
  /** Indices of sessions, in the order of the sessions. */
  readonly speakers: Uint32Array;
  /** Row after row of speakers, one number a socket: receivers of that speaker on that socket. */
  readonly copies: Uint32Array;
  /** Sum of each row: who hear a speaker. */
  readonly receivers: Uint32Array;
}

/** The socket that a session uses. */
export function socketOfSession(session: number, sockets: number): number {
  return session % sockets;
}

/**
 * The first members of each room speak, everybody else in the room hears. Sessions share sockets,
 * so several copies of one frame may be due on one socket.
 */
export function planLoad(
  sessions: readonly LoadSession[],
  sockets: number,
  speakersPerRoom: number,
): LoadPlan {
  const rooms = new Map<number, number[]>();
  sessions.forEach(({ room }, session) => {
    const members = rooms.get(room);
    if (members === undefined) rooms.set(room, [session]);
    else members.push(session);
  });
  const speakers: number[] = [];
  for (const members of rooms.values()) speakers.push(...members.slice(0, speakersPerRoom));
  speakers.sort((a, b) => a - b);
  const copies = new Uint32Array(speakers.length * sockets);
  const receivers = new Uint32Array(speakers.length);
  speakers.forEach((speaker, row) => {
    for (const member of rooms.get(sessions[speaker]!.room)!) {
      if (member === speaker) continue;
      copies[row * sockets + socketOfSession(member, sockets)]!++;
      receivers[row]!++;
    }
  });
  return { speakers: Uint32Array.from(speakers), copies, receivers };
}
