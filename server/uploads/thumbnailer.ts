import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Thumbnail } from '@rookery/schemas/messages';
import type { ThumbnailLimits } from '../uploadLimits.js';
import type { ThumbnailJob, ThumbnailResult } from './thumbnailProcess.js';

/** Pictures of which a thumbnail is made. */
const pictureTypes: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
]);

/**
 * Makes small pictures, one at a time, in a process that is there while there is work. A picture
 * that takes too long to unpack, or brings that process down, has no thumbnail; nothing else fails.
 */
export class Thumbnailer {
  readonly #limits: ThumbnailLimits;
  #latest: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(limits: ThumbnailLimits) {
    this.#limits = limits;
  }

  /**
   * @param target where to write it, as WebP; the disk has it then
   * @returns null where there is none: no picture, too large, too many wait. Never rejects.
   */
  async make(
    source: { readonly path: string; readonly mediaType: string; readonly sizeBytes: number },
    target: string,
  ): Promise<Thumbnail | null> {
    const { sourceBytesMax, waitingMax, sideMax, pixelsMax } = this.#limits;
    if (!pictureTypes.has(source.mediaType) || source.sizeBytes > sourceBytesMax) return null;
    if (this.#waiting >= waitingMax) return null;
    this.#waiting += 1;
    const job = { source: source.path, target, sideMax, pixelsMax };
    const made = this.#latest.then(() => this.#run(job)).catch(() => null);
    this.#latest = made;
    const thumbnail = await made;
    this.#waiting -= 1;
    return thumbnail;
  }

  /** What waits gets no thumbnail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async #run(job: ThumbnailJob): Promise<ThumbnailResult> {
    if (this.#isClosed) return null;
    if (this.#idle !== null) clearTimeout(this.#idle);
    const child = this.#childProcess();
    const result = await answerOf(child, job, this.#limits.workMsMax);
    this.#idle = setTimeout(() => this.#release(), this.#limits.idleMsMax);
    this.#idle.unref();
    return result;
  }

  /** It ends when nobody listens to it any more. */
  #release(): void {
    const child = this.#child;
    this.#child = null;
    if (child?.connected === true) child.disconnect();
  }

  #childProcess(): ChildProcess {
    if (this.#child !== null) return this.#child;
    const entry = fileURLToPath(new URL('./thumbnailProcess.js', import.meta.url));
    const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    const forget = (): void => {
      if (this.#child === child) this.#child = null;
    };
    child.on('disconnect', forget);
    child.on('exit', forget);
    child.on('error', forget);
    // The server does not wait for it.
    child.unref();
    child.channel?.unref();
    this.#child = child;
    return child;
  }
}

/** Ends the process where it does not answer in time. */
async function answerOf(
  child: ChildProcess,
  job: ThumbnailJob,
  workMsMax: number,
): Promise<ThumbnailResult> {
  const kill = setTimeout(() => child.kill('SIGKILL'), workMsMax);
  try {
    return await new Promise<ThumbnailResult>((resolve) => {
      const end = (result: ThumbnailResult): void => {
        child.off('message', onMessage);
        child.off('exit', onEnd);
        child.off('error', onEnd);
        resolve(result);
      };
      const onMessage = (message: unknown): void => end(message as ThumbnailResult);
      const onEnd = (): void => end(null);
      child.on('message', onMessage);
      child.on('exit', onEnd);
      child.on('error', onEnd);
      child.send(job);
    });
  } finally {
    clearTimeout(kill);
  }
}
