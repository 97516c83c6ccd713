import type { IncomingMessage } from "node:http";

export type StoreKind = "redis" | "folder" | "none";

/**
 * What a replica tells everyone of how it is reached, for `npm run doctor`. Nothing of it is secret: the asker could count the
 * proxies by their effects.
 */
export type SelfDescription = {
  /** Made up at the start, to tell replicas apart. */
  replica: string;
  store: { kind: StoreKind; warnings: number };
  /** How many proxies have added to X-Forwarded-For, and how many are believed (TRUST_PROXY_HOPS). */
  proxies: { seen: number; trusted: number };
  /** The scheme that the last proxy tells; missing when it tells none. */
  scheme?: string;
};

export function describeSelf(
  request: IncomingMessage,
  { replica, store, trusted }: Omit<SelfDescription, "proxies" | "scheme"> & { trusted: number },
): SelfDescription {
  const [scheme] = sentIn(request, "x-forwarded-proto");
  const proxies = { seen: sentIn(request, "x-forwarded-for").length, trusted };
  return { replica, store, proxies, ...(scheme !== undefined && { scheme }) };
}

/** The items of a header as it came: Next adds its own to `request.headers`. */
function sentIn({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
  return values
    .flatMap((value) => value.split(","))
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
