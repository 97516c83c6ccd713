import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { WireError } from "../protocol/events";
import type { Rewind } from "./broker/broker";
import type { GatewayMetrics } from "./gateway/services";

export type Metrics = GatewayMetrics & {
  delivered(entries: number): void;
  isStoreReachable(isReachable: boolean): void;
  storeRewound(cause: Rewind): void;
  /** Sets the function that tells how full the store is; it returns undefined while that is unknown. */
  watchStore(usedRatio: () => number | undefined): void;
  text(): Promise<string>;
};

/** How often the delay of the event loop is measured: each time wakes the process, which costs an idle one most. */
const lagEveryMs = 50;

/** What an operator watches, as Prometheus text; docs/operations.md says what each is for. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagEveryMs });
  return { ...gatewayMetrics(registry), ...storeMetrics(registry), text: () => registry.metrics() };
}

function gatewayMetrics(registry: Registry): GatewayMetrics & Pick<Metrics, "delivered"> {
  const registers = [registry];
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
  const commandSeconds = new Histogram({
    name: "madang_command_seconds",
    help: "From a command's arrival to its answer",
    labelNames: ["command"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const moved = new Counter({
    name: "madang_connections_moved_total",
    help: "Connections asked to move to a replica that has fewer",
    registers,
  });
  return {
    connected: (change) => connections.inc(change),
    delivered: (entries) => delivered.inc(entries),
    refused: ({ code }: WireError) => refused.inc({ code }),
    commandTook: (command, tookMs) => commandSeconds.observe({ command }, tookMs / 1_000),
    moved: (connections) => moved.inc(connections),
    ...closedMetrics(registry),
    ...unsentMetrics(registry),
  };
}

/** Connections that the gateway closed by itself. */
function closedMetrics(registry: Registry): Pick<GatewayMetrics, "closedSlow" | "closedFlood"> {
  const registers = [registry];
  const closedSlow = new Counter({
    name: "madang_slow_connections_closed_total",
    help: "Connections closed because they did not read",
    registers,
  });
  const closedFlood = new Counter({
    name: "madang_flood_connections_closed_total",
    help: "Connections closed because they sent far more than they may",
    registers,
  });
  return { closedSlow: () => closedSlow.inc(), closedFlood: () => closedFlood.inc() };
}

function unsentMetrics(registry: Registry): Pick<GatewayMetrics, "watchUnsent"> {
  let askUnsent = () => ({ slow: 0, bytes: 0 });
  new Gauge({
    name: "madang_slow_connections",
    help: "Connections off live delivery until they have read what waits for them",
    registers: [registry],
    collect() {
      this.set(askUnsent().slow);
    },
  });
  new Gauge({
    name: "madang_unsent_bytes",
    help: "Bytes given to connections that have not left this process",
    registers: [registry],
    collect() {
      this.set(askUnsent().bytes);
    },
  });
  return {
    watchUnsent: (ask) => {
      askUnsent = ask;
    },
  };
}

function storeMetrics(registry: Registry): Pick<Metrics, "isStoreReachable" | "storeRewound" | "watchStore"> {
  const registers = [registry];
  let askUsed = (): number | undefined => undefined;
  new Gauge({
    name: "madang_store_used_ratio",
    help: "How much of what the store may hold it holds; 0 where it has no bound",
    registers,
    collect() {
      this.set(askUsed() ?? 0);
    },
  });
  const store = new Gauge({ name: "madang_store_reachable", help: "1 while the store answers", registers });
  const rewound = new Counter({
    name: "madang_store_rewound_total",
    help: "Times the store came back with less than it had, by cause",
    labelNames: ["cause"],
    registers,
  });
  // Start at 0: Prometheus sees no increase in a series that first appears with 1.
  for (const cause of ["refused", "older", "gone"] satisfies Rewind[]) rewound.inc({ cause }, 0);
  return {
    isStoreReachable: (isReachable) => store.set(isReachable ? 1 : 0),
    storeRewound: (cause) => rewound.inc({ cause }),
    watchStore: (usedRatio) => {
      askUsed = usedRatio;
    },
  };
}
