import { ownSession, type State } from '../../engineState.js';
import type { OutgoingFrame } from '../../voiceConnection.js';
import type { VoiceFrameListener } from '../../voiceReceiver.js';
import type { WhisperId } from '../../whisperLists.js';
import { FrameAudience } from './frameAudience.js';

/** What the sound needs of the engine's connection. */
export interface VoiceHost {
  readonly state: State;
  openVoice(onFrame: VoiceFrameListener): Promise<void>;
  sendFrame(frame: OutgoingFrame): void;
  sendWhisper(whisper: WhisperId, frame: OutgoingFrame): void;
  setSelfState(self: SelfState): Promise<void>;
}

/** What one says of oneself to others. */
export interface SelfState {
  readonly muted: boolean;
  readonly deafened: boolean;
}

/** Somebody may have opened the firewall; the voice port and the control connection were tried. */
const reopenAfterMs = 30_000;

/** The sound's end of the connection: opens it whenever there is one, and says who is muted. */
export class VoiceLink {
  readonly audience = new FrameAudience();
  private isOpening = false;
  private retry: NodeJS.Timeout | null = null;
  /** What the server was told in this session, or null. */
  private told: SelfState | null = null;

  constructor(
    private readonly host: VoiceHost,
    private readonly onFrame: VoiceFrameListener,
  ) {}

  /** To be called with every State, and whenever `self` is another. */
  follow(state: State, self: SelfState): void {
    if (state.connection.phase !== 'connected') {
      this.told = null;
      this.stopRetrying();
      return;
    }
    if (state.voice.phase === 'closed') this.open();
    else if (state.voice.phase === 'failed') this.openLater();
    this.tell(state, self);
  }

  /** Where there is no connection the frame is dropped. @param capturedAtMs by `monotonicMs` */
  send(frame: OutgoingFrame, capturedAtMs: number): void {
    const whisper = this.audience.of(capturedAtMs);
    if (whisper === null) this.host.sendFrame(frame);
    else this.host.sendWhisper(whisper, frame);
  }

  /** Nothing is tried any more. */
  close(): void {
    this.stopRetrying();
    this.told = null;
  }

  private open(): void {
    if (this.isOpening) return;
    this.isOpening = true;
    this.host
      .openVoice(this.onFrame)
      // Why it failed stands in the State.
      .catch(() => undefined)
      .finally(() => (this.isOpening = false));
  }

  private openLater(): void {
    if (this.isOpening || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      if (this.host.state.voice.phase === 'failed') this.open();
    }, reopenAfterMs);
  }

  private stopRetrying(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
  }

  private tell(state: State, self: SelfState): void {
    const own = ownSession(state);
    if (own === null) return;
    this.told ??= { muted: own.muted, deafened: own.deafened };
    if (this.told.muted === self.muted && this.told.deafened === self.deafened) return;
    this.told = self;
    // What the server refuses it refuses again; a connection that is lost is told anew.
    this.host.setSelfState(self).catch(() => undefined);
  }
}
