import type { Ack } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";

const codeOf = (ack: Ack) => (ack.ok ? "ok" : ack.error.code);

test("[O-7] the guard withholds and reports a message with a listed word, and a moderator who finds it harmless publishes it", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const [owner, author, reader] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  await claimOwner(owner);
  expect(codeOf(await reader.ask("guard:words", { words: ["x"] }))).toBe("forbidden");
  expect(await owner.must("guard:words", { words: ["slur", "욕설"] })).toEqual({
    ok: true,
    words: ["slur", "욕설"],
  });
  for (const visitor of [owner, author, reader]) await visitor.join("lobby");
  // The author's replica reads the list within a third of a second.
  const { seq } = await author.say("lobby", "a first try");
  let caught = seq;
  const isCaught = async () => {
    caught = (await author.say("lobby", "what a ѕlur")).seq;
    return (await reader.entry("lobby", (entry) => entry.seq === caught)).kind;
  };
  await expect.poll(isCaught, { intervals: [50] }).toBe("withheld");
  const own = await author.entry("lobby", (entry) => entry.seq === caught);
  expect(own).toMatchObject({ kind: "message", text: "what a ѕlur" });
  expect(own).not.toHaveProperty("withheld");
  await owner.event("report:added", (report) => report.seq === caught);
  const { reports } = await owner.must("report:list", {});
  expect(reports).toMatchObject([
    { room: "lobby", seq: caught, reporters: [{ by: "guard" }], message: { withheld: true } },
  ]);
  expect((await owner.say("lobby", "slur")).seq, "the guard does not check the owner").toBe(caught + 1);
  expect((await reader.entry("lobby", (entry) => entry.seq === caught + 1)).kind).toBe("message");

  await owner.must("report:settle", { room: "lobby", seq: caught, publish: true });
  const published = await reader.entry("lobby", ({ kind }) => kind === "published");
  expect(published).toMatchObject({
    seq: caught + 2,
    message: { seq: caught, text: "what a ѕlur", by: { id: author.id } },
  });
  const authors = await author.entry("lobby", (entry) => entry.seq === caught + 2);
  expect(authors, "its author is not told which message it is").toEqual({
    seq: caught + 2,
    at: authors.at,
    kind: "withheld",
  });
  const placeholder = await reader.must("history:read", { room: "lobby", before: caught + 1, limit: 1 });
  expect(placeholder.entries).toMatchObject([{ seq: caught, kind: "withheld", shownAs: caught + 2 }]);
  const fresh = await connect({ url: other.url });
  expect((await fresh.join("lobby")).entries).toContainEqual(published);
  expect((await owner.must("report:list", {})).reports).toEqual([]);
});

test("[O-7] [ID-3a] [C-6c] no visitor gets a name or a title with a listed word, not even the name that it had elsewhere", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const owner = await claimOwner(await connect({ url }));
  const visitor = await connect({ url });
  expect(await visitor.must("room:join", { room: "lobby", name: "Slur Otter" })).toMatchObject({
    self: { name: "Slur Otter" },
  });
  const { room } = await visitor.must("room:create", { title: "Tea" });
  await owner.must("guard:words", { words: ["slur"] });
  const codes = async (name: string) =>
    Promise.all([
      visitor.ask("name:change", { room: "lobby", name }).then(codeOf),
      visitor.ask("room:join", { room: room.id, name }).then(codeOf),
      visitor.ask("room:create", { title: `${name}’s room` }).then(codeOf),
      visitor.ask("room:rename", { room: room.id, title: `${name}’s place` }).then(codeOf),
    ]);
  expect(await codes("A ѕlur")).toEqual(Array(4).fill("bad_request"));
  expect((await visitor.join(room.id)).self.name, "its usual name has the word by now").not.toContain("Slur");
  expect(await codes("Slurry")).toEqual(Array(4).fill("ok"));
  const { room: renamed } = await owner.must("room:rename", { room: room.id, title: "No slur, please" });
  expect(renamed.title).toBe("No slur, please");
});

test("[O-7] with GUARD=off the guard withholds nothing", async ({ startReplica, connect }) => {
  const { url } = await startReplica({ ...ownedSite, GUARD: "off" });
  const [owner, author, reader] = await Promise.all([connect({ url }), connect({ url }), connect({ url })]);
  await claimOwner(owner);
  await owner.must("guard:words", { words: ["slur"] });
  for (const visitor of [author, reader]) await visitor.join("lobby");
  const { seq } = await author.say("lobby", "slur");
  expect((await reader.entry("lobby", (entry) => entry.seq === seq)).kind).toBe("message");
});
