import { expect, test } from "../support/fixtures";
import { RedisCluster } from "../support/redis-cluster";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const statusChanges = ({ events }: WireVisitor) => events.filter(({ name }) => name === "status:changed");

test("[W-2] [N-2] a cluster's server that is away affects its rooms alone, unless every command needs it; then visitors are told", async ({
  startReplicas,
  connect,
}) => {
  const cluster = await RedisCluster.start();
  try {
    const settings = { ...cluster.settings, REDIS_PREFIX: undefined, RATE_LIMITS: "off" };
    const replicas = (await startReplicas(2, settings)) as [Replica, Replica];
    const serverOf = (tag: string) => cluster.primaryOf(`madang:{${tag}}`);
    const ofModeration = await serverOf("@moderation");
    const ofSite = await Promise.all(["@presence", "@accounts", "lobby"].map(serverOf));
    const farServer = cluster.servers.find((server) => ![...ofSite, ofModeration].includes(server));
    if (farServer === undefined) throw new Error("every server has what all rooms need");
    const far = await until("a room on that server", async () => {
      const room = `room-${Math.random().toString(36).slice(2, 8)}`;
      return (await serverOf(room)) === farServer && room;
    });
    /** A visitor whose own records are on another server. */
    const visit = ({ url }: Replica): Promise<WireVisitor> =>
      until("a visitor", async () => {
        const visitor = await connect({ url });
        const session = await visitor.event("session:started");
        return (await serverOf(session.visitor.id)) !== farServer && visitor;
      });
    const [first, second] = replicas;
    const [witness, leaver, other] = await Promise.all([visit(first), visit(first), visit(second)]);
    await witness.must("room:create", { room: far, title: far });
    for (const visitor of [witness, leaver]) await visitor.join(far);
    for (const visitor of [witness, other]) await visitor.join("lobby");

    await farServer.kill();
    // The second ones leave after the first departure from the room that is away was due.
    for (const leaving of [[leaver], await Promise.all(replicas.map(visit))]) {
      const ids = await Promise.all(leaving.map(async (visitor) => (await visitor.join("lobby")).self.id));
      for (const visitor of leaving) visitor.closeTab();
      for (const id of ids)
        for (const visitor of [witness, other])
          await visitor.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === id);
    }
    for (const visitor of [witness, other]) expect(statusChanges(visitor)).toEqual([]);
    await farServer.restart();
    await until(
      "the room",
      async () =>
        (await witness.ask("message:send", { room: far, clientMessageId: "back-again-1", text: "back" })).ok,
    );
    await witness.entry(far, ({ kind }) => kind === "leave");

    await ofModeration.kill();
    await Promise.all(
      [witness, other].map((visitor) => visitor.event("status:changed", ({ degraded }) => degraded)),
    );
    for (const replica of replicas) await replica.answers("/api/socket", 503);
    await ofModeration.restart();
    const isWell = (visitor: WireVisitor) =>
      JSON.stringify(statusChanges(visitor).at(-1)?.body) === '{"degraded":false}';
    for (const visitor of [witness, other])
      await visitor.waitFor("the end of the outage", () => isWell(visitor));
    await witness.say("lobby", "all is well");
    await other.entry("lobby", (entry) => entry.kind === "message" && entry.text === "all is well");
  } finally {
    await cluster.stop();
  }
});
