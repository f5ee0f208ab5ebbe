import type { Allocation } from '@rookery/client/engine/audio/testing/allocatedBytes';

/** What the network does to the packets of those who speak. */
export type MixNetwork = 'calm' | 'rough';

/** What the bench asks of its process, one thing at a time. */
export type ToAudioProcess =
  | { readonly type: 'codec' }
  | { readonly type: 'mix'; readonly speakers: number; readonly network: MixNetwork }
  | { readonly type: 'capture' }
  | { readonly type: 'captureThread'; readonly seconds: number }
  | { readonly type: 'playbackThread'; readonly speakers: number; readonly seconds: number }
  | { readonly type: 'playAllocations' }
  | { readonly type: 'captureAllocations' };

/** What a piece of work costs this process. */
export interface WorkCost {
  readonly name: string;
  /** CPU of one run: of a frame, or of a step of 10 ms. */
  readonly us: number;
  /** Of one core, in real time. */
  readonly percent: number;
}

/** What a step of 10 ms allocates after warm-up. */
export interface AllocationReport {
  readonly bytesPerStep: number;
  readonly where: readonly Allocation[];
}

export type FromAudioProcess =
  | { readonly type: 'costs'; readonly costs: readonly WorkCost[] }
  | { readonly type: 'allocations'; readonly report: AllocationReport };
