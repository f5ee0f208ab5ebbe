import type { HeardScore } from './heardScore.js';
import type { SpokenSound } from './spokenSound.js';

/** What one process of bots is to do. Its rooms are its own: nobody waits for another process. */
export interface BotSetup {
  readonly type: 'setUp';
  readonly host: string;
  readonly port: number;
  readonly count: number;
  readonly speakers: number;
  readonly rooms: number;
  /** Logins a second that are begun. */
  readonly ramp: number;
  /** Names are this and a number, counted from `firstNumber`. */
  readonly namePrefix: string;
  readonly firstNumber: number;
  /** The same of rooms, counted from `firstRoom`. */
  readonly roomPrefix: string;
  readonly firstRoom: number;
  /** Which of the processes it is, from 0. */
  readonly process: number;
  readonly password: string;
  readonly pass: string;
  /** How many listeners decode what they hear. */
  readonly scorers: number;
  readonly sound: SpokenSound;
}

export type ToBotProcess =
  | BotSetup
  /** How it stands. */
  | { readonly type: 'look' }
  /** All who have joined are there: the speakers begin, and what they say counts from now on. */
  | { readonly type: 'speak' }
  | { readonly type: 'hush' }
  /** Everybody says goodbye. */
  | { readonly type: 'leave' };

/** How a process of bots stands. */
export interface BotReport {
  /** Bots that are in their rooms and reached by voice. */
  readonly joined: number;
  /** That have tried in vain, or were lost later. */
  readonly failed: number;
  /** How often the server asked to slow down. */
  readonly throttled: number;
  /** Why the first one failed; '' where none did. */
  readonly firstFailure: string;
  /** Of seconds that are over. */
  readonly expected: number;
  readonly delivered: number;
  readonly delayP50Us: number;
  readonly delayP95Us: number;
  readonly delayP99Us: number;
  /** How late a frame was sent at most. */
  readonly lagUsMax: number;
  readonly heard: readonly HeardScore['result'][];
  /** Since the process began. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}
