/** What is used of pino-roll, which has no types of its own. */
declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom';

  export interface RollOptions extends SonicBoomOpts {
    readonly file: string;
    readonly size: string;
    readonly frequency: 'daily';
    readonly dateFormat: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
  }

  export default function roll(options: RollOptions): Promise<SonicBoom>;
}
