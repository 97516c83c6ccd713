import type { SanctionKind } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite, refusalOf } from "../support/owner";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const kinds: SanctionKind[] = ["mute", "shadow", "ban"];
const soonMs = 1_000;

test("[O-4] each sanction holds on each connection, device and replica until its end, even when everything restarts", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  const settings = { ...ownedSite, REDIS_URL: ownRedis.url };
  let replicas = (await startReplicas(2, settings)) as [Replica, Replica];
  const reader = await connect({ url: replicas[0].url });
  const owner = await claimOwner(await connect({ url: replicas[0].url }));
  const subjects = await Promise.all(
    kinds.map(async (kind) => {
      const visitor = await connect({ url: replicas[1].url });
      const device = await connect({ url: replicas[0].url, token: visitor.token });
      for (const each of [visitor, device]) await each.join("lobby");
      return { kind, token: visitor.token, id: visitor.id, live: [visitor, device] };
    }),
  );
  await reader.join("lobby");

  /** Sends a message over that connection, and says what a reader gets of it. */
  async function fateOf(visitor: WireVisitor, witness: WireVisitor): Promise<string> {
    const input = { room: "lobby", text: "hello", clientMessageId: crypto.randomUUID() };
    const ack = await visitor.ask("message:send", input);
    if (!ack.ok) return ack.error.code;
    return (await witness.entry("lobby", ({ seq }) => seq === ack.seq)).kind;
  }
  /** Says what happens when the visitor comes back to a replica with its token. */
  async function comesBack(token: string, replica: Replica, witness: WireVisitor): Promise<string> {
    let visitor: WireVisitor | undefined;
    const refused = await refusalOf(
      connect({ url: replica.url, token }).then((connected) => {
        visitor = connected;
        return connected;
      }),
    );
    if (visitor === undefined) return refused ?? "";
    await visitor.join("lobby");
    return fateOf(visitor, witness);
  }
  const fates = { mute: "muted", shadow: "withheld", ban: "banned" } as const;
  const becomes = (what: string, wanted: string, ask: () => Promise<string>) =>
    expect.poll(ask, { message: what, intervals: [50] }).toBe(wanted);

  for (const { kind, id } of subjects) await owner.must("sanction:set", { visitor: id, kind });
  for (const { kind, token, live } of subjects) {
    for (const [index, visitor] of live.entries()) {
      if (kind === "ban") await visitor.gone();
      else await becomes(`${kind} live ${index}`, fates[kind], () => fateOf(visitor, reader));
    }
    for (const replica of replicas)
      expect(await comesBack(token, replica, reader), `${kind} comes back`).toBe(fates[kind]);
  }

  for (const replica of replicas) await replica.kill();
  await ownRedis.kill();
  await ownRedis.restart();
  replicas = (await startReplicas(2, settings)) as [Replica, Replica];
  const witness = await connect({ url: replicas[0].url });
  await witness.join("lobby");
  for (const { kind, token } of subjects)
    for (const replica of replicas)
      expect(await comesBack(token, replica, witness), `${kind} after a restart`).toBe(fates[kind]);

  // A new sanction of the same kind replaces the old one, and ends by itself.
  const back = await connect({ url: replicas[1].url, token: owner.token });
  for (const { kind, id } of subjects) await back.must("sanction:set", { visitor: id, kind, forMs: soonMs });
  for (const { kind, token } of subjects)
    for (const replica of replicas)
      await becomes(`${kind} after its end`, "message", () => comesBack(token, replica, witness));
});
