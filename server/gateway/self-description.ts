import type { IncomingMessage } from "node:http";

/** What a replica keeps things in. */
export type StoreDescription = {
  kind: "redis" | "folder" | "none";
  /** How Redis is reached. */
  mode?: "single" | "sentinel" | "cluster";
  /** How many of `toChange` there are. */
  warnings: number;
  /** What an operator should change of it, one word each; missing while that is not known. */
  toChange?: readonly string[];
};

/**
 * What a replica tells everyone of how it is reached, for `npm run doctor`. Nothing of it is secret: the asker could count the
 * proxies by their effects.
 */
export type SelfDescription = {
  /** Made up at the start, to tell replicas apart. */
  replica: string;
  store: StoreDescription;
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

/** `redis`: where it is, if that is the store. `toChange`: undefined while that is not known. */
export function describeStore(
  {
    redis,
    dataDir,
  }: { redis: { sentinels?: unknown; cluster?: unknown } | undefined; dataDir: string | undefined },
  toChange: readonly string[] | undefined,
): StoreDescription {
  const told = { warnings: toChange?.length ?? 0, ...(toChange && { toChange }) };
  if (redis === undefined) return { kind: dataDir === undefined ? "none" : "folder", ...told };
  const mode = redis.cluster ? "cluster" : redis.sentinels ? "sentinel" : "single";
  return { kind: "redis", mode, ...told };
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
