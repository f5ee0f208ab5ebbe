import type { LoadRoom, LoadSession } from '../load/loadMessages.js';
import type { Writing, Written } from './writers.js';

/** What the bench and the process that keeps the sessions say to each other. */
export type ToSessionProcess =
  | {
      readonly type: 'open';
      /** QUIC port of the server on 127.0.0.1. */
      readonly port: number;
      readonly rooms: number;
      readonly membersPerRoom: number;
      /** Sessions beyond those, in the first room. */
      readonly guests: number;
    }
  /** Members of the only room write in it. */
  | { readonly type: 'write'; readonly writing: Writing }
  | { readonly type: 'countLost' }
  | { readonly type: 'close' };

export type FromSessionProcess =
  | {
      readonly type: 'opened';
      readonly sessions: LoadSession[];
      readonly rooms: LoadRoom[];
      readonly guests: LoadSession[];
    }
  | { readonly type: 'written'; readonly written: Written }
  /** How many sessions the server has closed so far. */
  | { readonly type: 'lost'; readonly lost: number }
  /** How many sessions the server had closed before. */
  | { readonly type: 'closed'; readonly lost: number };
