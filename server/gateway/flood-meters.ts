import type { VisitorId } from "../../protocol/events";
import type { Network } from "../lib/network";
import type { AdmissionSettings } from "./admission";
import { FloodMeter } from "./flood-meter";
import type { FloodPauses } from "./flood-pauses";
import { networkOf } from "./network";
import { rawSocketOf } from "./raw-socket";
import type { Services } from "./services";
import type { ChatSocket } from "./socket-types";

/** W-8a: a meter for each connection, which closes it once it floods. */
export class FloodMeters {
  private readonly meters = new WeakMap<ChatSocket["conn"], FloodMeter>();

  constructor(
    private readonly settings: Pick<AdmissionSettings, "trustedProxyHops">,
    private readonly pauses: FloodPauses,
    private readonly options: Pick<Services, "floods" | "clock" | "refusals" | "metrics">,
  ) {}

  /** Undefined where nothing is limited. */
  of(conn: ChatSocket["conn"]): FloodMeter | undefined {
    return this.meters.get(conn);
  }

  /** Counts frames before Socket.IO reads them: its own events come only after that. */
  watch(conn: ChatSocket["conn"]): void {
    const { floods, clock } = this.options;
    if (floods === undefined) return;
    const network = networkOf(conn.request, this.settings.trustedProxyHops);
    const meter = new FloodMeter(floods, clock, () => this.closeFlood(conn, network, meter.visitor));
    this.meters.set(conn, meter);
    conn.on("packet", ({ data }: { data?: string | Buffer }) =>
      meter.arrived(data === undefined ? 0 : Buffer.byteLength(data)),
    );
    // WebSocket pings, which ws answers by itself.
    rawSocketOf({ conn })?.on("ping", (data) => meter.arrived(data.length));
  }

  /** Sends no disconnect packet: a flooding client would not read it. */
  private closeFlood(conn: ChatSocket["conn"], network: Network, visitor: VisitorId | undefined): void {
    this.pauses.add(network, visitor);
    this.options.refusals.add("flood", network);
    this.options.metrics.closedFlood();
    rawSocketOf({ conn })?.terminate();
  }
}
