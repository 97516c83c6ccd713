import { request } from "node:http";
import { askAccount, mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";

const password = "correct horse battery staple";
const wrongStrings = [undefined, null, 7, true, [], {}, ["otter"]];

/** A valid input for each action, and for each field the values that it must not have. */
const actions: Record<string, { needsToken: boolean; good: object; wrong: Record<string, unknown[]> }> = {
  status: { needsToken: true, good: {}, wrong: { code: wrongStrings.slice(1) } },
  transfer: { needsToken: true, good: {}, wrong: { password: wrongStrings.slice(1) } },
  "log-out": { needsToken: true, good: {}, wrong: {} },
  delete: { needsToken: true, good: {}, wrong: { password: wrongStrings.slice(1) } },
  devices: { needsToken: true, good: {}, wrong: {} },
  "end-device": {
    needsToken: true,
    good: { device: "AAAAAAAAAAAA" },
    wrong: { device: wrongStrings, password: wrongStrings.slice(1) },
  },
  "change-password": {
    needsToken: true,
    good: { password, newPassword: "the river runs cold" },
    wrong: { password: wrongStrings, newPassword: wrongStrings, endOthers: ["yes", 1, null] },
  },
  claim: { needsToken: false, good: { code: "AAAA-AAAA-AAAA-AAAA" }, wrong: { code: wrongStrings } },
  "log-in": {
    needsToken: false,
    good: { handle: "otter", password },
    wrong: { handle: wrongStrings, password: [...wrongStrings, "\ud800"] },
  },
  "sign-up": {
    needsToken: true,
    good: { handle: "otter", password },
    wrong: {
      handle: [
        ...wrongStrings,
        "",
        "ab",
        "x".repeat(33),
        "two words",
        "admin",
        "운영자",
        "\u3164\u3164\u3164",
      ],
      password: [...wrongStrings, "", "too short", "\ud800 lone surrogate"],
    },
  },
};

const badRequest = { status: 400, body: { ok: false, error: { code: "bad_request", retryable: false } } };

test("[H-2] every action refuses a wrong body with a reason, and changes no account", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const { url } = replica;
  const visitor = await connect({ url });
  const { token } = visitor;
  const bodies = ["{", "[]", "null", "7", '"otter"', "\u0000", '{"a":1}}', "{'handle':'otter'}"];
  for (const [action, { good, wrong }] of Object.entries(actions)) {
    for (const body of bodies)
      expect(await askAccount(url, action, { token, body }), `${action} ${body}`).toMatchObject(badRequest);
    for (const [field, values] of Object.entries(wrong))
      for (const value of values)
        expect(
          await askAccount(url, action, { token, body: { ...good, [field]: value } }),
          `${action} ${field} ${JSON.stringify(value)}`,
        ).toMatchObject(badRequest);
    const long = { ...good, padding: "x".repeat(9_000) };
    expect(await askAccount(url, action, { token, body: long }), action).toMatchObject({
      status: 413,
      body: { error: { code: "too_large" } },
    });
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-16",
    ])
      expect(
        await askAccount(url, action, { token, body: good, headers: { "content-type": type } }),
        `${action} ${type}`,
      ).toMatchObject(badRequest);
  }
  const tooLong = { handle: "otter", password: "x".repeat(1_025) };
  for (const action of ["sign-up", "log-in"])
    expect(await askAccount(url, action, { token, body: tooLong })).toMatchObject({ status: 413 });
  expect(visitor.socket.connected).toBe(true);
  await mustAccount(url, "sign-up", {
    token,
    body: { ...actions["sign-up"]?.good, owner: true, visitor: "admin" },
  });
});

test("[H-2] an action that needs a token does nothing without a valid one, and a token in a cookie or a query does not count", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica({ RATE_LIMITS: "off" });
  const { token } = await connect({ url });
  const ways: Record<string, string>[] = [
    {},
    { authorization: "Bearer forged" },
    { authorization: `Basic ${token}` },
    { authorization: token },
    { authorization: `Bearer ${token} ${token}` },
    { authorization: `Bearer ${"x".repeat(6_000)}` },
    { cookie: `token=${token}` },
  ];
  for (const [action, { needsToken, good }] of Object.entries(actions)) {
    if (!needsToken) continue;
    for (const headers of ways) {
      const answer = await askAccount(url, `${action}?token=${token}`, { body: good, headers });
      expect(answer, `${action} ${Object.keys(headers)}`).toMatchObject({
        status: 401,
        body: { ok: false, error: { code: "invalid_token", retryable: false } },
      });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  }
  await mustAccount(url, "status", { token });
});

test("[H-2] [W-3] pages of other sites are refused, this site's and the allowed ones are served; no answer is cached", async ({
  startReplica,
  connect,
}) => {
  const friend = "https://blog.example";
  const [open, closed] = await Promise.all([
    startReplica({ ALLOWED_ORIGINS: friend, RATE_LIMITS: "off" }),
    startReplica({ ALLOW_NO_ORIGIN: "false", RATE_LIMITS: "off" }),
  ]);
  const { token } = await connect({ url: open.url });
  const ask = (origin: string, action = "status") =>
    askAccount(open.url, action, { token, body: actions[action]?.good, headers: { origin } });
  for (const origin of ["https://evil.example", "null", "", `${open.url}.evil.example`, "http://127.0.0.1"])
    for (const action of Object.keys(actions))
      expect(await ask(origin, action), `${action} ${origin}`).toMatchObject({
        status: 403,
        body: { error: { code: "forbidden" } },
      });
  for (const origin of [open.url, friend]) {
    const { status, headers } = await ask(origin);
    expect(status, origin).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
  expect(await askAccount(closed.url, "claim", { body: { code: "x" } })).toMatchObject({ status: 403 });
  const own = { origin: closed.url };
  expect(await askAccount(closed.url, "claim", { body: { code: "x" }, headers: own })).toMatchObject({
    status: 410,
  });
});

test("[H-2] a GET and an unknown action are refused", async ({ startReplica }) => {
  const replica = await startReplica();
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await replica.get("/api/account/log-in", { method });
    expect(answer.status, method).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
  for (const action of ["nothing", "constructor", "__proto__", "LOG-IN", "toString"])
    expect(await askAccount(replica.url, action), action).toMatchObject({ status: 404 });
});

test("[H-2] a body without an end is cut off at its bound", async ({ startReplica }) => {
  const replica = await startReplica();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const endless = request(`${replica.url}/api/account/claim`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    endless.once("response", (answer) => {
      endless.destroy();
      resolve(answer.statusCode);
    });
    endless.once("error", reject);
    endless.write("x".repeat(9_000));
  });
  expect(status).toBe(413);
  await replica.answers("/api/health", 200);
});
