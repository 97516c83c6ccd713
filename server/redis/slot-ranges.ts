import type { Redis } from "ioredis";

type Place<Host> = [host: Host, port: number, ...unknown[]];
type Range<Host> = [first: number, last: number, primary: Place<Host>, ...replicas: Place<Host>[]];

/** What a cluster answers to CLUSTER SLOTS: first and last slot, then the servers that have them. */
export type SlotRange = Range<string | null>;

/** Redis gives no host for a server without an announced address: it is the one that was asked, at the host `asked`. */
export function withHosts(ranges: readonly SlotRange[], asked: string): Range<string>[] {
  const named = ([host, ...rest]: Place<string | null>): Place<string> => [host || asked, ...rest];
  return ranges.map(([first, last, primary, ...replicas]) => [
    first,
    last,
    named(primary),
    ...replicas.map(named),
  ]);
}

/** The connection over which the library reads the map of the slots, with what it calls. */
type MapReader = {
  cluster(subcommand: string, done: (error: Error | null, ranges: SlotRange[]) => void): unknown;
};

/**
 * For a server of the library's cluster client, which leaves out servers without a host, and drops all connections without a
 * word when the map has no server.
 */
export function mendMapOf(node: Redis): void {
  const { duplicate } = node;
  node.duplicate = ((...args: Parameters<Redis["duplicate"]>) => {
    const copy = duplicate.apply(node, args);
    const reader = copy as unknown as MapReader;
    const { cluster } = reader;
    reader.cluster = (subcommand, done) =>
      cluster.call(copy, subcommand, (error, ranges) => {
        if (error) done(error, ranges);
        else if (ranges.length === 0) done(new Error("no server of the cluster has slots"), ranges);
        else done(null, withHosts(ranges, node.options.host ?? ""));
      });
    return copy;
  }) as Redis["duplicate"];
}
