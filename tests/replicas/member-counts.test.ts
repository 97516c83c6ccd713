import { listPosts } from "../../content/render-post";
import { expect, test } from "../support/fixtures";
import { holdsWithin } from "../support/holds-within";
import type { Replica } from "../support/replica";

const ask = async (replica: Replica, id: string, init: RequestInit = {}) => {
  const answer = await replica.get(`/api/rooms/${id}`, init);
  const text = await answer.text();
  return {
    status: answer.status,
    body: text === "" ? undefined : JSON.parse(text),
    headers: answer.headers,
  };
};

const refusal = (code: string, retryable = false) => ({
  ok: false,
  error: { code, retryable, message: expect.any(String) },
});

test("[H-1] every replica tells a room's count without a join, within seconds of a change", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2)) as [Replica, Replica];
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [post] = listPosts("en");
  const room = `post-${post?.slug}`;
  for (const replica of replicas)
    expect(await ask(replica, room)).toMatchObject({ status: 200, body: { memberCount: 0 } });
  for (const visitor of visitors) await visitor.join(room);
  const joined = { changedAt: performance.now(), withinMs: 6_000 };
  for (const replica of replicas) {
    await holdsWithin(
      joined,
      () => ask(replica, room),
      ({ body }) => body.memberCount === 2,
    );
    const { body, headers } = await ask(replica, room);
    expect(Object.keys(body)).toEqual(["memberCount"]);
    expect(headers.get("cache-control")).toBe("public, max-age=3");
    expect(await ask(replica, "lobby")).toMatchObject({ status: 200, body: { memberCount: 0 } });
  }
});

test("[H-1] every id that is not a public room's gets the same answer, with the error of the wire", async ({
  redis,
  shared,
  startReplica,
}) => {
  const replica = await startReplica();
  // A conversation of two, as the store keeps it.
  await redis.client.hset(`${shared.REDIS_PREFIX}{direct-ab}:room`, {
    id: "direct-ab",
    title: "",
    kind: "direct",
    createdAt: "1",
    closed: "0",
    epoch: "e",
    seq: "0",
    at: "0",
  });
  const wrong = ["nowhere", "post-no-such-post", "direct-ab", "Lobby", "a%7D%7Bb", "%2e%2e%2flobby", "로비"];
  for (const id of [...wrong, "a".repeat(65), "__proto__"]) {
    const { status, body, headers } = await ask(replica, id);
    expect({ status, body }, id).toEqual({ status: 404, body: refusal("room_not_found") });
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

test("[H-1] the count can only be read", async ({ startReplica }) => {
  const replica = await startReplica();
  const head = await ask(replica, "lobby", { method: "HEAD" });
  expect(head).toMatchObject({ status: 200, body: undefined });
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const body =
      method === "DELETE" ? {} : { body: "{not json", headers: { "content-type": "application/json" } };
    const answer = await ask(replica, "lobby", { method, ...body });
    expect(answer, method).toMatchObject({ status: 405, body: refusal("bad_request") });
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  }
});

test("[H-1] an address that asks for new rooms again and again must wait; it and others still get cached counts", async ({
  startReplica,
}) => {
  const replica = await startReplica({ TRUST_PROXY_HOPS: "1" });
  // On a busy machine this takes a while, and ten more a second are let through.
  const patience = AbortSignal.timeout(90_000);
  const from = (address: string) => ({ headers: { "x-forwarded-for": address }, signal: patience });
  expect((await ask(replica, "lobby", from("198.51.100.1"))).status).toBe(200);
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  // Sent all at once, they would delay the store's answers by more than the second that a replica waits.
  while (answers.length < 400)
    answers.push(
      ...(await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          ask(replica, `nowhere-${answers.length + index}`, from("198.51.100.1")),
        ),
      )),
    );
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(20);
  // A busy store may answer some of the others with 503.
  expect(answers.length - limited.length).toBeGreaterThanOrEqual(99);
  expect(limited[0]?.body).toMatchObject({ error: { code: "rate_limited", retryable: true } });
  expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(replica, "nowhere-x", from("198.51.100.2"))).status).toBe(404);
});

test("[H-1] while the store is away the answer says so", async ({ ownRedis, startReplica, connect }) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  const visitor = await connect({ url: replica.url });
  await ownRedis.kill();
  await visitor.event("status:changed", ({ degraded }) => degraded);
  const { status, body } = await ask(replica, "nowhere");
  expect({ status, body }).toEqual({ status: 503, body: refusal("unavailable", true) });
  await ownRedis.restart();
  await visitor.event("status:changed", ({ degraded }) => !degraded);
  expect((await ask(replica, "nowhere")).status).toBe(404);
});
