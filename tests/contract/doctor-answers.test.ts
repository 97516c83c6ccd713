import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Server } from "node:net";
import { examine } from "../../scripts/doctor/examination";
import { type Finding, toLines } from "../../scripts/doctor/finding";
import { makeCertificates } from "../support/certificates";
import { startChild } from "../support/child";
import { test as base, expect } from "../support/fixtures";
import { freePort } from "../support/ports";

/** Listens until the end of the test; returns `host:port`. */
const test = base.extend<{ listen: (server: Server) => Promise<string> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  listen: async ({}, use) => {
    const servers: Server[] = [];
    const sockets = new Set<net.Socket>();
    await use(async (server) => {
      servers.push(server);
      server.on("connection", (socket: net.Socket) => sockets.add(socket.on("error", () => undefined)));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  },
});

type Page = { status?: number; headers?: http.OutgoingHttpHeaders; body?: string };

/** Answers each path with the same page, but for those that are named. */
const serving = (page: Page, paths: Record<string, Page> = {}) =>
  http.createServer(({ url = "" }, response) => {
    const { status = 200, headers = {}, body = "" } = paths[url] ?? page;
    response.writeHead(status, headers).end(body);
  });

async function linesOf(site: string): Promise<string[]> {
  const findings: Finding[] = [];
  for await (const finding of examine({ site: new URL(site), idleSeconds: 0.1, isRelayTried: true }))
    findings.push(finding);
  return findings.flatMap(toLines);
}

const html: Page = {
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Welcome</title>",
};
const ready: Page = { body: '{"status":"ready"}' };

for (const [what, page, said] of [
  ["a page of HTML", html, /200 and a page of HTML: this is no Madang/],
  ["an empty object", { body: "{}" }, /200 and JSON that is not Madang's: this is no Madang/],
  ["null", { body: "null" }, /200 and JSON that is not Madang's: this is no Madang/],
  ["another service's health", { body: '{"status":"ok","uptime":3}' }, /JSON that is not Madang's/],
  ["nothing", {}, /200 and nothing else: this is no Madang/],
  ["a word", { body: "pong" }, /a text that is not Madang's/],
  ["a huge body", { body: `"${"x".repeat(3_000_000)}"` }, /200 and more than an answer of Madang has/],
  [
    "nginx's page for a dead replica",
    { ...html, status: 502, headers: { server: "nginx/1.26" } },
    /502 by nginx\/1\.26 and a page of HTML: a proxy answers, and finds no replica/,
  ],
  [
    "Traefik's text for no server",
    { status: 503, body: "no available server" },
    /503 and a text .*finds no replica/,
  ],
  [
    "Caddy's empty answer",
    { status: 502, headers: { server: "Caddy" } },
    /502 by Caddy and nothing else.*no replica/,
  ],
  ["a page that is not there", { ...html, status: 404 }, /404 and a page of HTML: this is no Madang/],
  ["a login that is asked for", { status: 401 }, /401 and nothing else/],
] as const)
  test(`the doctor says in one sentence that ${what} is no answer of Madang, and ends`, async ({
    listen,
  }) => {
    const lines = await linesOf(`http://${await listen(serving(page))}`);
    expect(lines[0]).toMatch(said);
    expect(lines[0]).toMatch(/^WRONG {3}\/api\/ready: it is answered with /);
    expect(lines.filter((line) => !line.startsWith("       "))).toHaveLength(1);
  });

test("the doctor names the address to which a site redirects, and tells a login from that", async ({
  listen,
}) => {
  const to = (location: string, status = 301) => serving({ status, headers: { location } });
  const elsewhere = await linesOf(`http://${await listen(to("https://www.chat.example/api/ready"))}`);
  expect(elsewhere).toEqual(["WRONG   it redirects to https://www.chat.example: give that address"]);
  const [login] = await linesOf(`http://${await listen(to("/login?then=%2F", 302))}`);
  expect(login).toMatch(/\/api\/ready is redirected to http:\S+\/login\S+: a proxy asks for something first/);
  const [broken] = await linesOf(`http://${await listen(to("http://"))}`);
  expect(broken).toContain("/api/ready is redirected to http://");
});

test("the doctor says what listens in the place of a web server", async ({ listen }) => {
  const closing = net.createServer((socket) => socket.once("data", () => socket.destroy()));
  const redis = net.createServer((socket) =>
    socket.once("data", () => socket.end("-ERR unknown command\r\n")),
  );
  const said = async (site: string) => (await linesOf(site)).join("\n");
  expect(await said(`http://${await listen(closing)}`)).toMatch(
    /^WRONG {3}it cannot be reached: it closes the connection/,
  );
  expect(await said(`http://${await listen(redis)}`)).toMatch(
    /it cannot be reached: what listens there speaks no HTTP/,
  );
  expect(await said(`https://${await listen(serving(ready))}`)).toMatch(/speaks no TLS: try http:\/\//);
  expect(await said(`http://127.0.0.1:${await freePort()}`)).toMatch(/nothing listens there: check the port/);
  expect(await said("http://no-such-host.invalid")).toMatch(/its name is not known: check the address/);
  const { serverCert, serverKey } = await makeCertificates();
  const [cert, key] = [readFileSync(serverCert), readFileSync(serverKey)];
  const untrusted = https.createServer({ cert, key }, (_, response) => void response.end());
  expect(await said(`https://${await listen(untrusted)}`)).toMatch(
    /its certificate is not good, and browsers refuse it/,
  );
});

test("the doctor goes through all checks when only some paths are answered by another program, or not at all", async ({
  listen,
}) => {
  for (const [page, said] of [
    [
      html,
      "WRONG   it does not say what it is kept in: /api/replica: it is answered with 200 and a page of HTML",
    ],
    [
      { body: "null" },
      "WRONG   it does not say which proxies it sees: /api/replica: it is answered with 200 and JSON that is not Madang's",
    ],
    [
      { body: '{"replica":"a","store":{"kind":"redis"}}' },
      "WRONG   it does not say what it is kept in: /api/replica: it is answered with 200 and JSON that is not Madang's",
    ],
    [{ ...html, status: 404 }, "?       it does not say what it is kept in: an older version"],
    [
      { status: 302, headers: { location: "/login" } },
      "WRONG   the page /chat does not come: it is redirected to",
    ],
  ] as const) {
    const lines = await linesOf(`http://${await listen(serving(page, { "/api/ready": ready }))}`);
    expect(lines[0]).toBe("ok      a replica is up, and takes visitors");
    expect(
      lines.some((line) => line.startsWith(said)),
      `${said}\n${lines.join("\n")}`,
    ).toBe(true);
    expect(lines.join("\n"), "the last check that needs no WebSocket").toContain(
      "the upgrade is not passed on",
    );
  }
  const cutting = http.createServer(({ url }, response) => {
    if (url === "/api/ready") response.end(ready.body);
    else response.destroy();
  });
  const lines = await linesOf(`http://${await listen(cutting)}`);
  expect(
    lines.filter((line) => line.includes("it closes the connection without an answer")).length,
  ).toBeGreaterThan(3);
  expect(lines.join("\n")).toContain("no WebSocket is opened: it closes the connection");
});

test("the doctor's words without an address that can be examined are answered with a sentence", async () => {
  for (const [words, said] of [
    [["chat.example"], "chat.example has no scheme: write https://chat.example, or http://chat.example."],
    [
      ["ftp://chat.example"],
      "ftp://chat.example is no address of a site, which begins with https:// or http://.",
    ],
    [["https://"], "https:// is no address."],
    [["https://me:secret@a.example"], "Leave the user and password out of the address: they are not sent."],
    [["--relays", "https://a.example"], "There is no --relays."],
    [["https://a.example", "--idle", "long"], "--idle takes a number of seconds."],
    [[], "Which address is to be examined?"],
  ] as const) {
    const child = startChild(process.execPath, ["--import", "tsx", "scripts/doctor/doctor.ts", ...words], {});
    await child.exit;
    expect(child.output().split("\n")[0]).toBe(said);
  }
});
