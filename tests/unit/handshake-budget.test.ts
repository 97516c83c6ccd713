import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { Gateway } from "../../server/gateway/gateway";
import type { Services } from "../../server/gateway/services";
import { RateLimit } from "../../server/limits/rate-limit";
import { openTrial } from "../support/network-trial";
import { expect, test } from "../support/plain-test";
import { connectVisitor } from "../support/wire-visitor";

const nothing = () => undefined;

test("[W-8] each handshake counts against its network's budget, and beyond it all visitors of the network are refused", async () => {
  const { budget, clock, tries } = openTrial();
  const refused: string[] = [];
  const services = {
    store: { onReachable: () => nothing },
    sessions: { ends: { onEnd: () => nothing } },
    moderation: {
      onBans: nothing,
      onExpelled: nothing,
      onRoomChange: nothing,
      knownReports: { onAdded: nothing },
      roles: { holders: () => [] },
    },
    networks: budget,
    handshakes: new RateLimit(undefined),
    politeRefusals: new RateLimit(undefined),
    refusals: { add: (reason: string) => refused.push(reason), close: nothing },
    metrics: { refused: nothing, moved: nothing, watchUnsent: nothing },
    random: Math.random,
    logger: pino({ level: "silent" }),
    clock,
  } as unknown as Services;
  const settings = {
    allowedOrigins: [],
    isOriginRequired: false,
    trustedProxyHops: 1,
    connectionsPerAddress: undefined,
  };
  const gateway = new Gateway(settings, services);
  const server = createServer();
  gateway.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = "203.0.113.5" as Parameters<typeof tries>[2];
  const shake = (from: string) =>
    connectVisitor({ url, auth: { protocol: 7 }, headers: { "x-forwarded-for": from } }).catch(
      ({ data }: { data?: unknown }) => data,
    );
  try {
    for (let index = 0; index < 3; index += 1)
      expect(await shake("203.0.113.5")).toMatchObject({ code: "bad_request" });
    expect(await tries("handshakes", 2_000, network), "three of 1,260 are gone").toBe(1_257);
    expect(await shake("203.0.113.5")).toMatchObject({ code: "rate_limited", scope: "network" });
    expect(refused).toEqual(["handshake"]);
    expect(await shake("198.51.100.7"), "another network").toMatchObject({ code: "bad_request" });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
