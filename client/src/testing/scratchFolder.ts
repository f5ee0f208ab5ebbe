import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of one test file, gone after it. */
export class ScratchFolder {
  private constructor(readonly path: string) {}

  static async make(): Promise<ScratchFolder> {
    return new ScratchFolder(await mkdtemp(join(tmpdir(), 'rookery-e2e-')));
  }

  /** A path in it. */
  in(...names: string[]): string {
    return join(this.path, ...names);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
