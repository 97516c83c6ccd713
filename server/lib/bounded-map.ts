import { LRUCache } from "lru-cache";

/**
 * A map of at most `most` entries, which forgets the least recently used one. Bounded by `maxSize`: `max` would allocate the
 * memory of a full map up front, which for all maps of a replica took a tenth of a second.
 */
export const boundedMap = <Key extends string, Value extends {}>(most: number): LRUCache<Key, Value> =>
  new LRUCache({ maxSize: most, sizeCalculation: () => 1 });
