import { expect, test } from "../support/fixtures";
import { upgrade } from "../support/upgrade";
import { connectVisitor } from "../support/wire-visitor";

const isRefused = (status: number | string) => typeof status === "number" && status >= 400 && status < 500;

test("[W-3] a page of another site gets no WebSocket; pages of this site and of allowed sites do", async ({
  startReplica,
}) => {
  const friend = "https://blog.example";
  const replica = await startReplica({ ALLOWED_ORIGINS: `${friend},https://other.example:8443` });
  const own = `127.0.0.1:${replica.port}`;
  const foreign = [
    "https://evil.example",
    "http://127.0.0.1",
    `http://127.0.0.1:${replica.port + 1}`,
    `http://${own}.evil.example`,
    `http://evil.example/${own}`,
    `http://${own}@evil.example`,
    "https://blog.example.evil.example",
    "http://blog.example",
    "https://other.example",
    "null",
    "",
    "*",
    "file://",
    "chrome-extension://abcdef",
  ];
  for (const origin of foreign) expect(isRefused(await upgrade(replica.url, { origin })), origin).toBe(true);
  for (const origin of [`http://${own}`, friend, "https://other.example:8443"])
    expect(await upgrade(replica.url, { origin }), origin).toBe(101);
});

test("[W-3] a page is let in when a proxy writes the host with its port, in capitals or with a final dot, but not with another port", async ({
  startReplica,
}) => {
  const replica = await startReplica({ ALLOWED_ORIGINS: "https://Friend.example:443/" });
  const from = (origin: string, host: string) => upgrade(replica.url, { origin, host });
  for (const [origin, host] of [
    ["https://blog.example", "blog.example:443"],
    ["http://blog.example", "blog.example:80"],
    ["https://blog.example.", "BLOG.example"],
    ["https://[2001:db8::1]", "[2001:DB8:0::1]:443"],
    ["https://friend.example", "blog.example"],
  ] as const)
    expect(await from(origin, host), `${origin} at ${host}`).toBe(101);
  for (const [origin, host] of [
    ["http://blog.example", "blog.example:443"],
    ["https://blog.example:444", "blog.example:443"],
    ["https://friend.example:8443", "blog.example"],
  ] as const)
    expect(isRefused(await from(origin, host)), `${origin} at ${host}`).toBe(true);
});

test("[W-3] a client without an Origin is refused by default, and let in where the setting allows it", async ({
  startReplica,
}) => {
  const [open, closed, byDefault] = await Promise.all([
    startReplica({ ALLOW_NO_ORIGIN: "true" }),
    startReplica({ ALLOW_NO_ORIGIN: "false" }),
    startReplica({ ALLOW_NO_ORIGIN: undefined }),
  ]);
  expect(await upgrade(open.url)).toBe(101);
  for (const replica of [closed, byDefault]) {
    expect(isRefused(await upgrade(replica.url))).toBe(true);
    expect(await upgrade(replica.url, { origin: replica.url })).toBe(101);
  }
});

test("[W-1] polling and requests without an upgrade are refused", async ({ startReplica }) => {
  const replica = await startReplica();
  const polling = await replica.get("/socket.io/?EIO=4&transport=polling");
  expect(polling.status).toBeGreaterThanOrEqual(400);
  expect(polling.status).toBeLessThan(500);
});

test("[W-4] a handshake of another protocol or of wrong types is refused with a reason, and harms no other connection", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const wrong: Record<string, unknown>[] = [
    {},
    { protocol: 2 },
    { protocol: "1" },
    { protocol: 1, token: 7 },
    { protocol: 1, token: {} },
    { protocol: 1, locale: "xx" },
    { protocol: 1, locale: 7 },
  ];
  for (const auth of wrong) {
    const refusal = await connectVisitor({ url: replica.url, auth }).then(
      () => "it was taken",
      (error: unknown) => error,
    );
    expect(refusal, JSON.stringify(auth).slice(0, 60)).toMatchObject({
      data: { code: "bad_request", retryable: false },
    });
  }
  expect(witness.socket.connected).toBe(true);
  expect(replica.isRunning()).toBe(true);
});

test("[W-2] the addresses for health, readiness and metrics answer while the chat runs", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  expect(await (await replica.get("/api/socket")).json()).toEqual({ status: "ready" });
  expect((await replica.get("/api/health")).status).toBe(200);
  await replica.answers("/api/ready", 200);
  const metrics = await (await replica.get("/api/metrics")).text();
  expect(metrics).toMatch(/^# TYPE \w+ (gauge|counter)/m);
  expect(metrics).toContain('madang_command_seconds_count{command="room:join"} 1\n');
  expect(metrics).toContain('madang_store_rewound_total{cause="refused"} 0\n');
});
