import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { examine } from "../../scripts/doctor/examination";
import { type Finding, toLines } from "../../scripts/doctor/finding";
import { test as base, expect } from "../support/fixtures";

type Made = {
  /** The store, as `/api/replica` describes it. */
  store?: object;
  status?: number;
  /** How long `/api/replica` takes to answer. */
  slowMs?: number;
  /** Called when a visitor has entered. */
  entered?: (socket: WebSocket) => void;
};

/** Like the server's time limit for a hello, but shorter. */
const helloMs = 2_000;
/** Longer than that. */
const longIdleSeconds = 2.5;
const sound = { kind: "redis", mode: "single", warnings: 0, toChange: [] };

/** An installation without faults, except those that a test gives it. */
const test = base.extend<{ site: (made?: Made) => Promise<string> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  site: async ({}, use) => {
    const servers: http.Server[] = [];
    await use(async (made = {}) => {
      const server = await startSite(made);
      servers.push(server);
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  },
});

async function startSite({ store = sound, status = 200, slowMs = 0, entered }: Made): Promise<http.Server> {
  const replica = { replica: "made-up1", store, proxies: { seen: 0, trusted: 0 } };
  const answer = async ({ url }: IncomingMessage, response: ServerResponse) => {
    if (url === "/api/replica") await pause(slowMs);
    if (url === "/api/socket") response.statusCode = status;
    if (url === "/chat")
      response.setHeader(
        "content-security-policy",
        "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
      );
    response.end(JSON.stringify(url === "/api/replica" ? replica : { status: "ready" }));
  };
  const server = http.createServer((request, response) => void answer(request, response));
  const links = new WebSocketServer({ server });
  links.on("connection", (socket, { headers }) => {
    // Pages of other sites learn no more than they would from any proxy in between.
    if (headers.origin === "https://doctor.invalid") return socket.terminate();
    socket.send('0{"sid":"made-up"}');
    const unheard = setTimeout(() => socket.close(), helloMs);
    socket.once("message", () => {
      clearTimeout(unheard);
      socket.send('40{"sid":"made-up"}');
      entered?.(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function findingsOf(site: string, idleSeconds = 0.3): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of examine({ site: new URL(site), idleSeconds, isRelayTried: false }))
    findings.push(finding);
  return findings;
}

const linesOf = (findings: readonly Finding[]) => findings.flatMap(toLines);
const wrongIn = (findings: readonly Finding[]) => findings.filter(({ is }) => is === "wrong");

test("the doctor says in which mode the store runs, and that it is set up well", async ({ site }) => {
  for (const [store, said] of [
    [sound, "ok      the chat is kept in Redis: one server"],
    [{ ...sound, mode: "sentinel" }, "ok      the chat is kept in Redis: a primary that Sentinels watch"],
    [{ ...sound, mode: "cluster" }, "ok      the chat is kept in Redis: a cluster"],
    [{ kind: "folder", warnings: 0, toChange: [] }, "ok      the chat is kept in a folder: one replica"],
  ] as const) {
    const findings = await findingsOf(await site({ store }));
    expect(wrongIn(findings), said).toEqual([]);
    const lines = linesOf(findings);
    expect(lines).toContain(said);
    const isWell = lines.some((line) => line.startsWith("ok      the store is set up well"));
    expect(isWell, "a folder has no such settings").toBe(store.kind === "redis");
  }
});

test("the doctor names each wrong setting of the store, with the line that mends it", async ({ site }) => {
  const toChange = ["version", "eviction", "persistence", "limit", "clock"];
  const lines = linesOf(await findingsOf(await site({ store: { ...sound, toChange } })));
  const from = lines.indexOf("ok      the chat is kept in Redis: one server") + 1;
  expect(lines.slice(from, from + 10)).toEqual([
    expect.stringMatching(/^WRONG {3}the store is too old/),
    expect.stringMatching(/Redis: +Redis 7\.0 or later, or Valkey/),
    expect.stringMatching(/^WRONG {3}the store deletes history/),
    expect.stringMatching(/Redis: +maxmemory-policy noeviction/),
    expect.stringMatching(/^WRONG {3}the store loses/),
    expect.stringMatching(/Redis: +appendonly yes/),
    expect.stringMatching(/^WRONG {3}the store grows/),
    expect.stringMatching(/Redis: +maxmemory /),
    expect.stringMatching(/^WRONG {3}the store's clock/),
    expect.stringMatching(/Redis: +NTP/),
  ]);
});

test("the doctor says when a chat is away because REDIS_URL names a server of a cluster", async ({
  site,
}) => {
  const store = { ...sound, toChange: ["cluster"] };
  const findings = wrongIn(await findingsOf(await site({ store, status: 503 })));
  expect(findings.map(({ text }) => text)).toEqual([
    "the chat says 503: its store cannot be reached",
    "the store is a server of a cluster, which has a part of the keys only",
  ]);
  expect(linesOf(findings).join("\n")).toContain("REDIS_CLUSTER=<host:port of its servers>");
});

test("the doctor does not call a store well set up if the replica does not know its settings, or is older or newer", async ({
  site,
}) => {
  const { toChange: _, ...unasked } = sound;
  const silent = await findingsOf(await site({ store: unasked }));
  expect(silent).toContainEqual({ is: "unknown", text: expect.stringContaining("how the store is set up") });
  const newer = await findingsOf(await site({ store: { ...sound, toChange: ["later"] } }));
  expect(wrongIn(newer)).toMatchObject([{ text: "the store has a setting to change: later" }]);
});

test("the doctor does not blame a proxy when the server ends silent connections during the examination", async ({
  site,
}) => {
  const findings = await findingsOf(await site({ slowMs: helloMs }), longIdleSeconds);
  expect(wrongIn(findings)).toEqual([]);
  expect(linesOf(findings)).toContain("ok      a connection lives for 2.5 s and longer");
});

test("the doctor blames a proxy for a connection that is cut, and not for one that the server closes", async ({
  site,
}) => {
  const ended = await findingsOf(await site({ entered: (socket) => socket.close(1001) }), longIdleSeconds);
  expect(wrongIn(ended)).toEqual([]);
  expect(ended.at(-1)).toMatchObject({ is: "unknown", text: expect.stringContaining("the server ended") });
  const cut = await findingsOf(await site({ entered: (socket) => socket.terminate() }), longIdleSeconds);
  expect(wrongIn(cut).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^a connection is cut after \d+\.\d s: a proxy's time-out/),
  ]);
});
