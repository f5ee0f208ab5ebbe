import { isDeepStrictEqual } from 'node:util';
import { ClientError } from '../engine/clientError.js';
import { monotonicMs } from '../engine/audio/monotonicClock.js';
import type { Engine } from '../engine/engine.js';
import type { WhisperId, WhisperTargets } from '../engine/whisperLists.js';
import type { WhisperList, WhisperWish } from './whisperLists.js';

/** What whispering needs of the engine. */
export type WhisperEngine = Pick<
  Engine,
  'state' | 'subscribe' | 'registerWhisper' | 'removeWhisper' | 'sound'
>;

/** Names no whisper: what is said under it goes to nobody. */
const nobody: WhisperId = 0;

/** Half of those that a server lets one session have. */
const registeredMax = 16;

/** A spurt goes on to the end of a frame, and the time of what was captured is an estimate. */
const tailMs = 100;

/**
 * Whispers while something is held: from the first moment on nothing that is said goes to the room,
 * also where the list has still to be made, or cannot be. Lists that were made are kept for the
 * next time, on the same server. One thread.
 */
export class Whispering {
  /** To whom one whispers now. */
  current: WhisperWish | null = null;
  /** Whether it cannot be: nobody hears what is said meanwhile. */
  isRefused = false;
  private readonly registered = new Map<string, WhisperId>();

  constructor(
    private readonly engine: WhisperEngine,
    private readonly lists: () => readonly WhisperList[],
    private readonly onChange: () => void,
  ) {
    engine.subscribe(({ connection: { phase } }) => {
      if (phase === 'idle' || phase === 'disconnected') this.forget();
    });
  }

  /**
   * What is captured goes to them alone, until end(). With push to talk it is the key, too.
   *
   * @throws ClientError `invalidInput` for a list that is not there, else what the server refuses
   *   with; nothing is heard by anybody until end() then
   */
  async begin(wish: WhisperWish): Promise<void> {
    const { sound } = this.engine;
    this.show(wish, false);
    sound.audience.whisperTo(nobody);
    const whisper = await this.made(wish);
    if (!isDeepStrictEqual(this.current, wish)) return;
    sound.audience.whisperTo(whisper);
    if (this.isPushToTalk) sound.setKey(true);
  }

  /** What is said after this goes where it went before. */
  end(): void {
    if (this.current === null) return;
    this.show(null, false);
    const { sound, state } = this.engine;
    if (this.isPushToTalk) sound.setKey(false);
    // The end of what was whispered is not to be heard by the room.
    const spokenMs = this.isPushToTalk ? state.audio.settings.releaseMs : 0;
    sound.audience.endWhisper(monotonicMs() + spokenMs + tailMs);
  }

  private show(wish: WhisperWish | null, isRefused: boolean): void {
    this.current = wish;
    this.isRefused = isRefused;
    this.onChange();
  }

  private async made(wish: WhisperWish): Promise<WhisperId> {
    try {
      return await this.whisperOf(this.targetsOf(wish));
    } catch (error) {
      if (isDeepStrictEqual(this.current, wish)) this.show(wish, true);
      throw error;
    }
  }

  private get isPushToTalk(): boolean {
    return this.engine.state.audio.settings.mode === 'pushToTalk';
  }

  private targetsOf(wish: WhisperWish): WhisperTargets {
    if (wish.kind === 'user') return { userIds: [wish.userId], roomIds: [], withChildren: false };
    if (wish.kind === 'room') {
      return { userIds: [], roomIds: [wish.roomId], withChildren: wish.withChildren };
    }
    const list = this.lists().find(({ listId }) => listId === wish.listId);
    if (list === undefined) {
      throw new ClientError('invalidInput', 'there is no such whisper list any more');
    }
    const { connection } = this.engine.state;
    if ('fingerprint' in connection && connection.fingerprint !== list.fingerprint) {
      throw new ClientError('invalidInput', `"${list.name}" is a whisper list of another server`);
    }
    return {
      userIds: list.people.map(({ userId }) => userId),
      roomIds: list.rooms.map(({ roomId }) => roomId),
      withChildren: list.withChildren,
    };
  }

  private async whisperOf(targets: WhisperTargets): Promise<WhisperId> {
    const name = JSON.stringify(targets);
    const known = this.registered.get(name);
    if (known !== undefined) return known;
    const whisper = await this.engine.registerWhisper(targets);
    this.registered.set(name, whisper);
    const [oldest] = this.registered;
    if (this.registered.size > registeredMax && oldest !== undefined) this.drop(...oldest);
    return whisper;
  }

  private forget(): void {
    for (const entry of [...this.registered]) this.drop(...entry);
    if (this.current !== null) this.end();
  }

  private drop(name: string, whisper: WhisperId): void {
    this.registered.delete(name);
    // Without a connection there is nothing left to take away.
    this.engine.removeWhisper(whisper).catch(() => undefined);
  }
}
