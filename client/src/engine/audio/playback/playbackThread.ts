import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { ClientError } from '../../clientError.js';
import type { Audience } from '../../voiceReceiver.js';
import type { DeviceStream } from '../device/audioDevice.js';
import type { SpeakerSound } from '../voiceMixer.js';

/** For what copies of the sound are taken; each has a ring of its own. */
export type TapUse = 'dump' | 'recording';

/**
 * The thread that turns packets into what a device plays. All methods belong to the thread that
 * started it, return at once, and do nothing once it is closed or has failed.
 */
export interface PlaybackThread {
  /**
   * From the next step on sound goes to this stream; null: a clock takes it, so that statistics and
   * marks go on. Who talks goes on talking. Call it before the stream before is closed, or after.
   */
  attach(output: DeviceStream | null): void;
  /** From now on the packets of `token` are heard; one with the same token leaves. */
  addSpeaker(token: number, displayName: string): void;
  /** Finishes what has come from `token`; packets that come later are dropped and counted. */
  removeSpeaker(token: number): void;
  /** Forgotten with the speaker. Nothing clicks. */
  setSound(token: number, sound: SpeakerSound): void;
  /**
   * Takes in a packet as it came. One copy, and nobody is woken.
   *
   * @param payload opened Opus, one frame; copied
   */
  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    audience: Audience,
  ): void;
  /** Nobody is heard, though everything goes on, so that all are back at once. */
  setDeafened(isDeafened: boolean): void;
  /** Mixes in the own voice from a `SpscSampleRing` of 48 kHz mono; null: no longer. */
  setOwnVoice(ring: SharedArrayBuffer | null): void;
  /** A sine of −20 dBFS, also while deafened; it takes the place of one that sounds. */
  playTone(hz: number, ms: number): void;
  /**
   * Copies what is heard to a `SpscRecordRing` of `voiceTap.ts` records; null: no longer. What does
   * not fit is left out and counted by the ring.
   */
  setTap(use: TapUse, ring: SharedArrayBuffer | null): void;
  /**
   * A `SpscSampleRing` of what is played: 48 kHz mono, 480 at a time, in step with the device. Who
   * begins to read it drops what is there; nobody needs to.
   */
  readonly farEnd: SharedArrayBuffer;
  /** `speakerTable`, read by `readSpeakers`. */
  readonly speakers: SharedTableMemory;
  /** `playbackTable`, read by `readPlayback`. */
  readonly table: SharedTableMemory;
  /** Resolves with why the thread ended, if it did so by itself. */
  readonly failed: Promise<ClientError>;
  /** Ends the thread. */
  close(): Promise<void>;
}
