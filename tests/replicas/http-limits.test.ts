import { request as ask } from "node:http";
import { connect as dial, type Socket } from "node:net";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";

/** Sends the path unchanged: fetch would normalise it. */
const statusOf = (replica: Replica, path: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = ask({ host: "127.0.0.1", port: replica.port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.once("error", reject);
    request.end();
  });

const ways = [
  "/api/metrics",
  "/api/./metrics",
  "/api//metrics",
  "/api/x/../metrics",
  "/api/%6detrics",
  "/ko/api/metrics",
];

test("only this machine and readers with the token get the metrics, however the path is spelled", async ({
  startReplicas,
}) => {
  const metricsToken = "a-token-of-the-operator";
  const [open, closed] = (await Promise.all([
    startReplicas(1, { METRICS_TOKEN: metricsToken }),
    startReplicas(1),
  ]).then((groups) => groups.flat())) as [Replica, Replica];
  const forwarded = { "x-forwarded-for": "203.0.113.7" };
  for (const path of ways)
    for (const replica of [open, closed])
      expect(await statusOf(replica, path, forwarded), path).not.toBe(200);
  expect(
    await statusOf(open, "/api/metrics", { ...forwarded, authorization: `Bearer ${metricsToken}` }),
  ).toBe(200);
  expect(
    await statusOf(open, "/api/metrics", { ...forwarded, authorization: "Bearer another-token-entirely" }),
  ).toBe(401);
  expect(await statusOf(closed, "/api/metrics", forwarded)).toBe(403);
  for (const replica of [open, closed]) expect(await statusOf(replica, "/api/metrics")).toBe(200);
});

test("a silent socket is closed within seconds; a visitor's stays open", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const ended = (socket: Socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const silent = [0, 1, 2].map(() => dial(replica.port, "127.0.0.1").resume());
  const begun = dial(replica.port, "127.0.0.1").resume();
  begun.write("GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
  const startedAt = Date.now();
  await Promise.all([...silent, begun].map(ended));
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  expect(await visitor.ask("room:list", {})).toMatchObject({ ok: true });
});

test("over TLS a page tells the browser to use TLS from then on", async ({ startReplica }) => {
  const replica = await startReplica({ TRUST_PROXY_HOPS: "1" });
  const told = async (scheme: string) =>
    (await replica.get("/chat", { headers: { "x-forwarded-proto": scheme } })).headers.get(
      "strict-transport-security",
    );
  expect(await told("https")).toBe("max-age=31536000");
  expect(await told("http")).toBeNull();
});

test("[W-3] behind a proxy that reports the scheme, a page of the other scheme gets neither a socket nor an account", async ({
  startReplica,
}) => {
  const replica = await startReplica({ TRUST_PROXY_HOPS: "1" });
  const signUp = async (origin: string, headers: Record<string, string>) =>
    (
      await replica.get("/api/account/log-out", {
        method: "POST",
        headers: { origin, "content-type": "application/json", ...headers },
        body: "{}",
      })
    ).status;
  const own = `127.0.0.1:${replica.port}`;
  const secure = { "x-forwarded-proto": "https" };
  expect(await signUp(`http://${own}`, secure)).toBe(403);
  expect(await signUp(`https://${own}`, secure), "refused for its missing token, not for its origin").toBe(
    401,
  );
  expect(
    await signUp(`https://${own}`, {}),
    "the proxy does not report the scheme, and Next's guess does not count",
  ).toBe(401);
});
