import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const diskBytes = 2 * 1_048_576;

/** A disk of two mebibytes. To make one takes a right that not every machine gives. */
export interface SmallDisk {
  readonly path: string;
  /** Where it is not, the path is a folder of the usual disk. */
  readonly isMounted: boolean;
  /** Also removes what is on it. */
  unmount(): void;
}

/** Makes and mounts one. */
export function mountSmallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'rookery-disk-'));
  const isMounted = mount(path);
  return {
    path,
    isMounted,
    unmount: () => {
      if (isMounted) execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

function mount(path: string): boolean {
  try {
    const options = `size=${diskBytes},mode=700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
