export type Server = { host: string; port: number };

/** Servers that know the address of the primary, which they call `name`. */
export type Sentinels = { servers: readonly Server[]; name: string; password: string | undefined };

/**
 * Where the store is. With Sentinels or a cluster, of which some servers are named, `url` has only the user, password, TLS
 * and database.
 */
export type StoreAddress = { url: string; sentinels?: Sentinels; cluster?: readonly Server[] };

const highestPort = 65_535;

/** Reads `host:port`, an IPv6 address in brackets. */
export function parseServer(text: string): Server | undefined {
  const [, address, name, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:@/[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const [host, port] = [address ?? name, Number(digits)];
  return host !== undefined && port >= 1 && port <= highestPort ? { host, port } : undefined;
}

/** Stands in for a missing host: Node takes no URL that has a password and no host. */
const anyHost = "store";

/** `redis://user:password@/0`, with a host, as a URL; undefined when the text names a server itself, or is no such URL. */
function loginUrl(text: string): string | undefined {
  const [, scheme, login = "", path = ""] = /^(rediss?:\/\/)([^@/?#\s]*@)?(\/\d*)?$/.exec(text) ?? [];
  return scheme && `${scheme}${login}${anyHost}${path}`;
}

const encoded = "; in a user or password write / as %2F, ? as %3F, # as %23, @ as %40";

/** Why the text is no URL of a Redis; undefined if it is one. */
export function faultOfRedisUrl(text: string): string | undefined {
  const url = loginUrl(text) ?? text;
  if (!URL.canParse(url)) return `must be a redis:// or rediss:// URL${text.includes("@") ? encoded : ""}`;
  const { protocol, username, password, pathname, searchParams, hash } = new URL(url);
  if (!/^rediss?:$/.test(protocol)) return "must be a redis:// or rediss:// URL";
  // Else the part before it would count as the server.
  if (hash !== "") return "has a #, which a URL of a Redis has no use for: in a user or password write %23";
  if (![username, password].every(isDecodable))
    return "has a % in its user or password that stands for nothing: write it %25";
  // The library takes the database from either; of what is no number it makes NaN.
  const databases = [pathname.replace(/^\//, ""), ...searchParams.getAll("db")];
  return databases.every((database) => /^\d*$/.test(database))
    ? undefined
    : "must end with the number of a database, as redis://host:6379/0, or with none";
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The settings that say where the store is, as text. */
type AddressSettings = Readonly<{
  REDIS_URL?: string | undefined;
  REDIS_CLUSTER?: string | undefined;
  REDIS_SENTINELS?: string | undefined;
  REDIS_SENTINEL_NAME?: string | undefined;
}>;

/** Whether the store is one that several replicas can share. */
export const isShared = ({ REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER }: AddressSettings): boolean =>
  [REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER].some((setting) => setting !== undefined);

/** The faults of these settings in combination. */
export function faultsOfAddress(settings: AddressSettings): string[] {
  const { REDIS_URL, REDIS_CLUSTER, REDIS_SENTINELS, REDIS_SENTINEL_NAME } = settings;
  const faults: string[] = [];
  if (REDIS_CLUSTER !== undefined && REDIS_SENTINELS !== undefined)
    faults.push("REDIS_CLUSTER and REDIS_SENTINELS: only one of them; a cluster has no Sentinels");
  if ((REDIS_SENTINELS === undefined) !== (REDIS_SENTINEL_NAME === undefined))
    faults.push(
      "REDIS_SENTINELS and REDIS_SENTINEL_NAME belong together: the Sentinels, and the name by which they know the primary",
    );
  if (REDIS_URL === undefined || faultOfRedisUrl(REDIS_URL) !== undefined) return faults;
  const login = loginUrl(REDIS_URL);
  const [route] =
    Object.entries({ REDIS_CLUSTER, REDIS_SENTINELS }).find(([, given]) => given !== undefined) ?? [];
  if (route !== undefined && login === undefined)
    faults.push(
      `REDIS_URL names a server, and so does ${route}: leave its host and port out (redis://user:password@), or all of it`,
    );
  if (route === undefined && login !== undefined && REDIS_URL.includes("@"))
    faults.push("REDIS_URL names no server: redis://user:password@host:6379/0");
  if (REDIS_CLUSTER !== undefined && /\/0*[1-9]\d*$/.test(login ?? ""))
    faults.push("REDIS_URL names a database, and a cluster has only one: leave the number out");
  return faults;
}

/** Call with settings without faults; undefined when they name no store. */
export function addressOf(
  settings: Readonly<{
    REDIS_URL?: string | undefined;
    REDIS_CLUSTER?: readonly Server[] | undefined;
    REDIS_SENTINELS?: readonly Server[] | undefined;
    REDIS_SENTINEL_NAME?: string | undefined;
    REDIS_SENTINEL_PASSWORD?: string | undefined;
  }>,
): StoreAddress | undefined {
  const { REDIS_URL, REDIS_CLUSTER, REDIS_SENTINELS } = settings;
  const { REDIS_SENTINEL_NAME = "", REDIS_SENTINEL_PASSWORD } = settings;
  const url = loginUrl(REDIS_URL ?? "redis://") ?? "";
  if (REDIS_CLUSTER !== undefined) return { url, cluster: REDIS_CLUSTER };
  if (REDIS_SENTINELS === undefined) return REDIS_URL === undefined ? undefined : { url: REDIS_URL };
  return {
    url,
    sentinels: { servers: REDIS_SENTINELS, name: REDIS_SENTINEL_NAME, password: REDIS_SENTINEL_PASSWORD },
  };
}
