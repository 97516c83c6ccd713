import type { Ack } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite, ownerKey } from "../support/owner";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];
const codeOf = (ack: Ack) => (ack.ok ? "ok" : ack.error.code);

test("[O-6] each member can report a message once; owner and moderators are told, read it with the lines around it, and settle it", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, author, reader, witness] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  await claimOwner(owner);
  for (const visitor of [author, reader]) await visitor.join("lobby");
  await author.say("lobby", "before");
  const { seq } = await author.say("lobby", "a slur");
  await author.say("lobby", "after");
  const report = (visitor: WireVisitor, number = seq, room = "lobby") =>
    visitor.ask("message:report", { room, seq: number, reason: "abuse" });
  expect(codeOf(await report(witness))).toBe("not_joined");
  await witness.join("lobby");
  expect(codeOf(await report(author)), "its own").toBe("bad_request");
  for (const wrong of [1, 999]) expect(codeOf(await report(reader, wrong))).toBe("bad_request");
  expect([codeOf(await report(reader)), codeOf(await report(reader)), codeOf(await report(witness))]).toEqual(
    ["ok", "ok", "ok"],
  );
  const told = { room: "lobby", seq, count: 2 };
  expect(await owner.event("report:added", ({ count }) => count === 2)).toEqual(told);
  const { reports, more } = await owner.must("report:list", {});
  expect(more).toBe(false);
  expect(reports).toMatchObject([
    {
      ...told,
      reporters: [
        { by: reader.id, reason: "abuse" },
        { by: witness.id, reason: "abuse" },
      ],
      message: { seq, text: "a slur", by: { id: author.id } },
      around: [{ kind: "join" }, { kind: "join" }, { text: "before" }, { text: "after" }, { kind: "join" }],
    },
  ]);
  expect(codeOf(await reader.ask("report:list", {}))).toBe("forbidden");
  expect(codeOf(await reader.ask("report:settle", { room: "lobby", seq }))).toBe("forbidden");
  expect(reader.events.filter(({ name }) => name === "report:added")).toEqual([]);

  await owner.must("message:remove", { room: "lobby", seq });
  expect((await owner.must("report:list", {})).reports[0]).not.toHaveProperty("message");
  await owner.must("report:settle", { room: "lobby", seq });
  expect((await owner.must("report:list", {})).reports).toEqual([]);
  expect(codeOf(await owner.ask("report:settle", { room: "lobby", seq: 1 }))).toBe("bad_request");
});

test("[O-6] a visitor may report ten messages an hour", async ({ startReplica, connect }) => {
  const { url } = await startReplica({
    ...ownedSite,
    RATE_LIMITS: "on",
    MESSAGES_PER_SECOND: "1000",
    MESSAGE_BURST: "1000",
  });
  const [author, other, reader] = await Promise.all([connect({ url }), connect({ url }), connect({ url })]);
  for (const visitor of [author, other, reader]) await visitor.join("lobby");
  const seqs = [];
  // Three messages from each visitor: a new visitor may not send more at once.
  const fourth = await connect({ url });
  const fifth = await connect({ url });
  for (const visitor of [fourth, fifth]) await visitor.join("lobby");
  for (const visitor of [author, other, fourth, fifth])
    for (let index = 0; index < 3; index += 1) seqs.push((await visitor.say("lobby", `${index}`)).seq);
  const codes = [];
  for (const seq of seqs) codes.push(codeOf(await reader.ask("message:report", { room: "lobby", seq })));
  expect(codes).toEqual([...Array(10).fill("ok"), "rate_limited", "rate_limited"]);
  expect(codeOf(await reader.ask("message:report", { room: "lobby", seq: seqs[0] ?? 0 })), "a repeat").toBe(
    "ok",
  );
});

test("[O-10] the owner and a room's maker can export the room, as lines and as a page, and each link works once", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, maker, ghost] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  await claimOwner(owner);
  const { room } = await maker.must("room:create", { title: "Tea <b>" });
  for (const visitor of [maker, ghost]) await visitor.join(room.id);
  await maker.say(room.id, "<script>alert(1)</script>\nsecond line");
  await owner.must("sanction:set", { visitor: ghost.id, kind: "shadow", room: room.id });
  await ghost.say(room.id, "a shadowed word");
  expect(codeOf(await ghost.ask("room:export", { room: room.id }))).toBe("forbidden");
  expect(codeOf(await maker.ask("room:export", { room: "lobby" }))).toBe("forbidden");
  const fetchText = async (url: string, init?: RequestInit) => {
    const response = await fetch(`${other.url}${url}`, init);
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      text: await response.text(),
    };
  };
  const { url } = await owner.must("room:export", { room: room.id });
  expect((await fetchText(url, { method: "HEAD" })).status).toBe(400);
  const lines = await fetchText(url);
  expect(lines).toMatchObject({ status: 200, type: "application/x-ndjson; charset=utf-8" });
  const entries = lines.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(entries.map(({ kind }) => kind)).toEqual(["join", "join", "message", "message"]);
  expect(entries[3]).toMatchObject({ text: "a shadowed word", withheld: true });
  expect((await fetchText(url)).status, "once").toBe(410);
  expect((await fetchText("/api/export/nothing")).status).toBe(410);

  const own = await maker.must("room:export", { room: room.id });
  const page = await fetchText(`${own.url}?as=html`);
  expect(page).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
  expect(page.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;<br>second line");
  expect(page.text).toContain('<h1 dir="auto">Tea &lt;b&gt;</h1>');
  expect(page.text).not.toContain("a shadowed word");
});

test("[O-9] the owner's key can be entered over HTTP, even by a banned visitor", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, visitor] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  const claim = async (token: string | undefined, key: unknown) => {
    const response = await fetch(`${other.url}/api/owner/claim`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-forwarded-for": "203.0.113.20",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ key }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  };
  expect(await claim("no-token", ownerKey)).toMatchObject({
    status: 401,
    error: { code: "invalid_token" },
  });
  expect(await claim(visitor.token, "x".repeat(30))).toMatchObject({
    status: 403,
    error: { code: "forbidden" },
  });
  expect(await claim(visitor.token, 7)).toMatchObject({ status: 400 });
  await claimOwner(owner);
  await owner.must("sanction:set", { visitor: visitor.id, kind: "ban" });
  await visitor.gone();
  expect(await claim(visitor.token, ownerKey)).toEqual({
    status: 200,
    ok: true,
    visitor: { id: visitor.id },
    role: "owner",
  });
  const back = await connect({ url: one.url, token: visitor.token }).catch(() => undefined);
  expect(back ?? (await connect({ url: other.url, token: visitor.token }))).toBeTruthy();
});

test("[O-9] in a banned network the right key makes a visitor that is let in; a wrong key makes none, and reveals nothing", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica(ownedSite);
  const headers = { "x-forwarded-for": "203.0.113.30" };
  const [owner, banned] = await Promise.all([
    connect({ url: replica.url }),
    connect({ url: replica.url, headers }),
  ]);
  await claimOwner(owner);
  await owner.must("sanction:set", { visitor: banned.id, kind: "ban", hasNetwork: true });
  await banned.gone();
  await expect(connect({ url: replica.url, headers })).rejects.toThrow();
  const claim = async (key: string) => {
    const response = await fetch(`${replica.url}/api/owner/claim`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ key }),
    });
    return { status: response.status, body: (await response.json()) as { token: string } };
  };
  expect(await claim("x".repeat(30))).toMatchObject({ status: 403, body: { error: { code: "forbidden" } } });
  const claimed = await claim(ownerKey);
  expect(claimed).toMatchObject({ status: 200, body: { ok: true, role: "owner" } });
  const back = await connect({ url: replica.url, headers, token: claimed.body.token });
  expect(claimed.body).toMatchObject({ visitor: { id: back.id } });
  await back.must("owner:overview", {});
});
