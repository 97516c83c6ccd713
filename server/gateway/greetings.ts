import { createHash } from "node:crypto";
import { deviceName } from "../accounts/device-name";
import { keptOf } from "../accounts/sessions";
import { ChatError } from "../errors";
import type { Admission, AdmissionSettings } from "./admission";
import type { FloodMeters } from "./flood-meters";
import type { FloodPauses } from "./flood-pauses";
import { parseHandshake } from "./handshake";
import { networkOf } from "./network";
import { refusalOf } from "./refusal";
import type { Services } from "./services";
import type { ChatSocket } from "./socket-types";

/** How long a client that was refused for its network waits before it tries again. */
const networkRetryMs = 5_000;

type GreetingsOptions = Pick<
  Services,
  | "handshakes"
  | "networks"
  | "newVisitors"
  | "sessions"
  | "moderation"
  | "logger"
  | "refusals"
  | "metrics"
  | "siteLanguage"
> & { admission: Admission; pauses: FloodPauses; meters: FloodMeters };

/** W-4, the handshake: lets clients in as the visitors that their tokens name, or as new ones, or refuses them. */
export class Greetings {
  constructor(
    private readonly settings: Pick<AdmissionSettings, "trustedProxyHops">,
    private readonly options: GreetingsOptions,
  ) {}

  /** Gives the socket its visitor and session. Throws ChatError. */
  async greet(socket: ChatSocket): Promise<void> {
    const {
      admission,
      pauses,
      meters,
      handshakes,
      networks,
      newVisitors,
      sessions,
      moderation,
      siteLanguage,
    } = this.options;
    const network = networkOf(socket.request, this.settings.trustedProxyHops);
    if (admission.isTooMany(socket.request))
      throw new ChatError(
        "rate_limited",
        "Too many connections from this network.",
        networkRetryMs,
        "network",
      );
    const { auth } = socket.handshake;
    // Before it costs its network anything: one tab that keeps connecting does not lock out the others.
    if (typeof auth.token === "string") handshakes.take(digestOf(auth.token));
    await networks.take(network, "handshakes");
    const { token, locale = siteLanguage, proof } = parseHandshake(auth);
    if (!token) {
      pauses.admitTokenless(network);
      await newVisitors.admit(network, proof);
    }
    const name = deviceName(socket.request.headers["user-agent"]);
    const opened = await sessions.open(token ?? undefined, name);
    const { visitor: id, since } = opened;
    const visitor = { id, ...(since !== undefined && { since }) };
    // While the store is away a token is let in, and may do nothing (ID-1).
    await moderation.refresh().catch(() => undefined);
    moderation.networks.seen(id, network);
    moderation.checkBan({ visitor, network });
    pauses.admitVisitor(network, id);
    const meter = meters.of(socket.conn);
    if (meter !== undefined) meter.visitor = id;
    const session = keptOf(opened);
    socket.data = { visitor, isNew: !token, network, session, locale, token: opened.token };
  }

  /** What Socket.IO sends to a client that is refused. */
  toConnectError({ request }: ChatSocket, error: unknown): Error {
    const { logger, refusals, metrics } = this.options;
    const refusal = refusalOf(error, logger, "a handshake failed");
    if (refusal.code === "rate_limited")
      refusals.add("handshake", networkOf(request, this.settings.trustedProxyHops));
    const wire = refusal.toWire();
    metrics.refused(wire);
    return Object.assign(new Error(refusal.message), { data: wire });
  }
}

/** Short, however long a token was sent. */
const digestOf = (token: string): string => createHash("sha256").update(token).digest("base64url");
