import { pluginLimits, type PluginLimits } from '@rookery/plugins/limits';
import type { BucketLimits } from './limits.js';

/** Bounds of what plugins have the server do, beside those of each plugin itself. */
export interface ServerPluginsLimits {
  readonly plugin: PluginLimits;
  /** Messages of one plugin: more than anybody reads would hide what people write. */
  readonly texts: BucketLimits;
  /** All else that one plugin asks of the server. */
  readonly actions: BucketLimits;
  /** Of one answer; the rest is counted in it. */
  readonly roomsPerAnswerMax: number;
  readonly usersPerAnswerMax: number;
}

/** Part of `controlLimits`. */
export const serverPluginsLimits: ServerPluginsLimits = {
  plugin: pluginLimits,
  texts: { perSecond: 2, burst: 20, refusedMax: Infinity },
  actions: { perSecond: 10, burst: 64, refusedMax: Infinity },
  roomsPerAnswerMax: 500,
  usersPerAnswerMax: 500,
};
