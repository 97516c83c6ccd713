import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { WireError } from "../protocol/events";
import type { GatewayMeter } from "./gateway/gateway";

export type Metrics = GatewayMeter & {
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
    help: "Commands and handshakes refused, by error code",
    labelNames: ["code"],
    registers,
  });
  const store = new Gauge({ name: "madang_store_reachable", help: "1 while the store answers", registers });
  return {
    connected: (change) => connections.inc(change),
    delivered: (entries) => delivered.inc(entries),
    refused: ({ code }: WireError) => refused.inc({ code }),
    isStoreReachable: (isReachable) => store.set(isReachable ? 1 : 0),
    text: () => registry.metrics(),
  };
}
