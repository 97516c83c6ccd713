import { Command } from "ioredis";
import type { Server, StoreAddress } from "./address";
import { announcedAt, explainClusterFailure, isUnreachable } from "./cluster-failures";
import { type LoneClient, openLoneClient, placeOf } from "./lone-client";
import { type SlotRange, withHosts } from "./slot-ranges";
import { isClusterServer } from "./store-warnings";
import type { TlsTexts } from "./tls-files";

/** A store for a program that reads or fills all of it: its servers, and which of them has a key. */
export type LoneStore = {
  servers: readonly LoneClient[];
  serverOf(key: string): LoneClient;
  close(): void;
};

/** Throws an Error when the store, or a server of it, cannot be reached, and for settings that lead to a part of it. */
export async function openLoneStore(address: StoreAddress, tls?: TlsTexts): Promise<LoneStore> {
  if (address.cluster !== undefined) return openCluster(address.url, address.cluster, tls);
  const server = await openLoneClient(address, tls);
  try {
    await refusePart(server, placeOf(address));
  } catch (error) {
    server.disconnect();
    throw error;
  }
  return { servers: [server], serverOf: () => server, close: () => server.disconnect() };
}

/** A server of a cluster answers for its own keys, and says nothing of the others. */
async function refusePart(server: LoneClient, place: string): Promise<void> {
  if (!isClusterServer(await server.info("cluster"))) return;
  throw new Error(
    `Redis at ${place} is a server of a cluster, and has a part of the store only. Set REDIS_CLUSTER=${place}, and of REDIS_URL leave the user, password and TLS.`,
  );
}

/** Its map of the slots is read once: a cluster that is being changed meanwhile refuses keys that have moved. */
async function openCluster(login: string, seeds: readonly Server[], tls?: TlsTexts): Promise<LoneStore> {
  const opened = new Map<string, LoneClient>();
  const close = () => {
    for (const server of opened.values()) server.disconnect();
  };
  const open = async ({ host, port }: Server) => {
    const name = `${host}:${port}`;
    const server = opened.get(name) ?? (await openLoneClient({ url: urlAt(login, { host, port }) }, tls));
    opened.set(name, server);
    return server;
  };
  try {
    const { seed, server } = await openAny(seeds, open);
    const ranges = await server.call("CLUSTER", "SLOTS").catch((error: Error) => {
      throw new Error(
        `${explainClusterFailure(error, `${seed.host}:${seed.port}`, seeds)} (${error.message}).`,
      );
    });
    const primaries = new Map<number, LoneClient>();
    for (const [first, last, [host, port]] of withHosts(ranges as SlotRange[], seed.host)) {
      const primary = await openAnnounced({ host, port }, seeds, open);
      for (let slot = first; slot <= last; slot += 1) primaries.set(slot, primary);
    }
    return {
      servers: [...new Set(primaries.values())],
      serverOf(key) {
        const primary = primaries.get(new Command("get", [key]).getSlot() ?? -1);
        if (primary === undefined) throw new Error(`no server of the cluster has the slot of ${key}`);
        return primary;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function openAnnounced(
  server: Server,
  seeds: readonly Server[],
  open: (server: Server) => Promise<LoneClient>,
): Promise<LoneClient> {
  try {
    return await open(server);
  } catch (error) {
    const isNamed = seeds.some(({ host, port }) => host === server.host && port === server.port);
    const { message } = error as Error;
    if (isNamed || !isUnreachable(message)) throw error;
    throw new Error(`${message.replace(/\.$/, "")}: ${announcedAt(`${server.host}:${server.port}`)}.`);
  }
}

/** Opens the first of these servers that can be reached. */
async function openAny(seeds: readonly Server[], open: (seed: Server) => Promise<LoneClient>) {
  let failure: unknown;
  for (const seed of seeds)
    try {
      return { seed, server: await open(seed) };
    } catch (error) {
      failure = error;
    }
  throw failure;
}

function urlAt(login: string, { host, port }: Server): string {
  const url = new URL(login);
  url.hostname = host.includes(":") ? `[${host}]` : host;
  url.port = String(port);
  return url.href;
}
