import { isUpdateUrl } from '@rookery/schemas/release/releaseAddress';
import { isReleaseKey } from '@rookery/schemas/release/releaseManifest';
import type { ReleaseSource } from '@rookery/transport/fetchManifest';
import type { SourceProblem } from './updatesState.js';

/** What somebody said of where releases are; '' or left out: nothing. */
export interface SourceWish {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

export interface ChosenSource {
  /** null where there is a problem. */
  readonly source: ReleaseSource | null;
  /** As it was said, whether it is of use or not; null: nobody said any. */
  readonly address: string | null;
  readonly problem: SourceProblem | null;
}

/** Where to look for newer versions. Pure. @param wishes those before go before */
export function chooseSource(wishes: readonly SourceWish[]): ChosenSource {
  const url = wishes.find((wish) => isSaid(wish.url))?.url ?? null;
  const key = wishes.find((wish) => isSaid(wish.key))?.key ?? null;
  const problem = problemOf(url, key);
  const source = problem === null && url !== null && key !== null ? { url, key } : null;
  return { source, address: url, problem };
}

function isSaid(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function problemOf(url: string | null, key: string | null): SourceProblem | null {
  if (url === null) return 'noAddress';
  if (!isUpdateUrl(url)) return 'badAddress';
  if (key === null) return 'noKey';
  return isReleaseKey(key) ? null : 'badKey';
}
