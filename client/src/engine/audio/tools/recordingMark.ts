import type { SessionInfo } from '@rookery/schemas/messages';
import { ClientError } from '../../clientError.js';
import { ownSession, type EngineFault, type State } from '../../engineState.js';
import { faultOf, isAccepted } from '../../sessionFaults.js';

/** What the mark needs of the engine. */
export interface MarkHost {
  readonly state: State;
  /** @throws ClientError as Engine.setRecording() */
  setRecording(isRecording: boolean): Promise<void>;
}

/**
 * Has the server show that one records, in every session, for as long as one does. Where the server
 * does not permit it, it says so once.
 */
export class RecordingMark {
  #isOn = false;
  /** Whether there may be a mark that this has set. */
  #isOwn = false;
  /** The session that was asked for, so that each is asked once. */
  #askedToken: number | null = null;

  constructor(
    private readonly host: MarkHost,
    private readonly onRefused: (fault: EngineFault) => void,
  ) {}

  /**
   * Resolves when others are shown it, or could not be for want of a connection: then they will.
   *
   * @throws ClientError `commandRefused` where the server does not permit it
   */
  async begin(): Promise<void> {
    this.#isOn = true;
    const own = this.#ownSession(this.host.state);
    if (own !== null && !own.isRecording) await this.#ask(own.sessionToken);
  }

  /** One records no more. */
  end(): void {
    this.#isOn = false;
    this.follow(this.host.state);
  }

  /** To be called with every State. */
  follow(state: State): void {
    const own = this.#ownSession(state);
    if (own === null) return;
    if (this.#isOn && !own.isRecording && own.sessionToken !== this.#askedToken) {
      this.#ask(own.sessionToken).catch((error: unknown) => {
        if (this.#isOn) this.onRefused(faultOf(error));
      });
    } else if (!this.#isOn && this.#isOwn && own.isRecording) {
      this.#isOwn = false;
      this.#askedToken = null;
      // Where that fails there is no session any more that could be shown.
      this.host.setRecording(false).catch(() => undefined);
    }
  }

  async #ask(token: number): Promise<void> {
    this.#isOwn = true;
    this.#askedToken = token;
    const isPermitted = await isAccepted(this.host.setRecording(true)).catch(() => {
      // The connection was lost: the next one is asked, even if the session goes on.
      this.#askedToken = null;
      return true;
    });
    if (isPermitted) return;
    this.#isOwn = false;
    throw new ClientError('commandRefused', 'recording is not permitted in a room that is heard');
  }

  #ownSession(state: State): SessionInfo | null {
    return state.connection.phase === 'connected' ? ownSession(state) : null;
  }
}
