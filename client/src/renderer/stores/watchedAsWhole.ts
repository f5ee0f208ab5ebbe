import { toRaw } from 'vue';

/**
 * A reactive map to be read through: whoever reads it is told of every change of it, and Vue does
 * not watch its thousands of entries one by one. Any change of a map is one of its size to Vue.
 */
export function watchedAsWhole<Key, Value>(map: ReadonlyMap<Key, Value>): ReadonlyMap<Key, Value> {
  return map.size === 0 ? map : toRaw(map);
}
