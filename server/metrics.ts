import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { WireError } from "../protocol/events";
import type { GatewayMeter } from "./gateway/gateway";

export type Metrics = GatewayMeter & {
  delivered(entries: number): void;
  isStoreReachable(isReachable: boolean): void;
  text(): Promise<string>;
};

/** What an operator watches, as Prometheus text; docs/operations.md says what each is for. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const connections = new Gauge({ name: "madang_connections", help: "Open chat connections", registers });
  const delivered = new Counter({
    name: "madang_entries_delivered_total",
    help: "Entries of rooms with members on this replica",
    registers,
  });
  const refused = new Counter({
    name: "madang_refusals_total",
    help: "Commands, handshakes and account requests refused, by error code",
    labelNames: ["code"],
    registers,
  });
  const closedSlow = new Counter({
    name: "madang_slow_connections_closed_total",
    help: "Connections closed because they did not read",
    registers,
  });
  const moved = new Counter({
    name: "madang_connections_moved_total",
    help: "Connections asked to move to a replica that has fewer",
    registers,
  });
  let askUnsent = () => ({ slow: 0, bytes: 0 });
  new Gauge({
    name: "madang_slow_connections",
    help: "Connections off live delivery until they have read what waits for them",
    registers,
    collect() {
      this.set(askUnsent().slow);
    },
  });
  new Gauge({
    name: "madang_unsent_bytes",
    help: "Bytes given to connections that have not left this process",
    registers,
    collect() {
      this.set(askUnsent().bytes);
    },
  });
  const store = new Gauge({ name: "madang_store_reachable", help: "1 while the store answers", registers });
  return {
    connected: (change) => connections.inc(change),
    delivered: (entries) => delivered.inc(entries),
    refused: ({ code }: WireError) => refused.inc({ code }),
    closedSlow: () => closedSlow.inc(),
    moved: (connections) => moved.inc(connections),
    watchUnsent: (ask) => {
      askUnsent = ask;
    },
    isStoreReachable: (isReachable) => store.set(isReachable ? 1 : 0),
    text: () => registry.metrics(),
  };
}
