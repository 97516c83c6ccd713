/**
 * The first of a list whose newest come first. Those of one moment stay together, so a page may be longer than `limit`: the
 * next one begins before that moment.
 */
export function firstPage<Item extends { at: number }>(list: readonly Item[], limit: number): Item[] {
  const last = list[limit - 1]?.at;
  return list.filter(({ at }, index) => index < limit || at === last);
}
