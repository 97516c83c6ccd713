/** `/owner#key=…` */
const keyFragment = /^#key=(.+)$/;

/**
 * Takes the key out of the address, and returns it. It replaces the address at once: the key stays neither in the address bar nor
 * in the history.
 */
export function takeKey(): string | undefined {
  const [, key] = keyFragment.exec(location.hash) ?? [];
  if (key === undefined) return undefined;
  const address = location.pathname + location.search;
  const known = history.state as { as?: string } | null;
  history.replaceState(known && { ...known, ...("as" in known && { as: address }) }, "", address);
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

// Before Next's router reads the address.
let given = typeof window === "undefined" ? undefined : takeKey();

/** The key with which the page was opened, once. */
export function openingKey(): string | undefined {
  const key = given;
  given = undefined;
  return key;
}
