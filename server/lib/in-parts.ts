/** How many things are asked for at once: more would keep the event loop from its other work for too long. */
export const mostAtOnce = 200;

/** All of them in their order, `most` at a time. */
export function* inParts<T>(all: readonly T[], most = mostAtOnce): Generator<T[]> {
  for (let first = 0; first < all.length; first += most) yield all.slice(first, first + most);
}
