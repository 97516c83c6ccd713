import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { ConnectionCount, isOriginAllowed } from "../../server/gateway/admission";
import type { Network } from "../../server/lib/network";
import { expect, test } from "../support/plain-test";

const request = (headers: Record<string, string>, remoteAddress = "10.0.0.1") => {
  const socket = Object.assign(new EventEmitter(), { remoteAddress });
  return {
    headers,
    rawHeaders: Object.entries(headers).flat(),
    socket,
    connection: socket,
  } as unknown as IncomingMessage;
};
const site = { allowedOrigins: ["https://partner.example"], isOriginRequired: true, trustedProxyHops: 0 };

test("[W-3] the request's host counts as this site", () => {
  const from = (origin: string, host = "blog.example") => isOriginAllowed(request({ origin, host }), site);
  expect(from("https://blog.example")).toBe(true);
  expect(from("http://blog.example:8080", "blog.example:8080")).toBe(true);
  expect(from("https://blog.example", "BLOG.example")).toBe(true);
  expect(from("https://partner.example")).toBe(true);
  for (const foreign of [
    "https://evil.example",
    "https://blog.example.evil.example",
    "null",
    "",
    "https://blog.example:8443",
  ])
    expect(from(foreign), foreign).toBe(false);
});

test("[W-3] a host is the same with or without its default port or a final dot, in capitals or small letters", () => {
  const same: [origin: string, host: string][] = [
    ["https://blog.example", "blog.example:443"],
    ["http://blog.example", "blog.example:80"],
    ["https://blog.example:443", "blog.example"],
    ["https://BLOG.example", "Blog.Example:443"],
    ["https://blog.example.", "blog.example"],
    ["https://blog.example", "blog.example.:443"],
    ["https://xn--ok1b32k.example", "마당.example"],
    ["https://마당.example", "XN--OK1B32K.example:443"],
    ["http://[::1]:3000", "[0:0:0:0:0:0:0:1]:3000"],
    ["https://[2001:db8::1]", "[2001:DB8::1]:443"],
    ["https://partner.example:443", "blog.example"],
    ["https://PARTNER.example.", "blog.example"],
  ];
  for (const [origin, host] of same)
    expect(isOriginAllowed(request({ origin, host }), site), `${origin} at ${host}`).toBe(true);
});

test("[W-3] another port, another scheme's port, or a host that only looks alike is another site", () => {
  const other: [origin: string, host: string][] = [
    ["http://blog.example", "blog.example:443"],
    ["https://blog.example", "blog.example:80"],
    ["https://blog.example:80", "blog.example"],
    ["https://blog.example", "blog.example:8443"],
    ["http://partner.example", "blog.example"],
    ["https://partner.example:8443", "blog.example"],
    ["https://blog.example/path", "blog.example"],
    ["https://user@blog.example", "blog.example"],
    ["https://evil.example", "blog.example@evil.example"],
    ["https://evil.example", "evil.example/blog.example"],
    ["https://evil.example", "evil.example#.blog.example"],
    ["https://evil.example", "evil.example\\.blog.example"],
    ["ws://blog.example", "blog.example"],
    ["blog.example", "blog.example"],
    ["https://", ""],
    ["https://.", "."],
    ["https://blog.example", ""],
    ["https://blog.example..", "blog.example"],
    ["https://[::1", "[::1"],
  ];
  for (const [origin, host] of other)
    expect(isOriginAllowed(request({ origin, host }), site), `${origin} at ${host}`).toBe(false);
});

test("[W-3] a setting decides about a request without an origin", () => {
  expect(isOriginAllowed(request({ host: "x" }), site)).toBe(false);
  expect(isOriginAllowed(request({ host: "x" }), { ...site, isOriginRequired: false })).toBe(true);
});

test("[W-3] behind trusted proxies this site has the scheme that they report, and an origin of another scheme is foreign", () => {
  const asked = (origin: string, headers: Record<string, string>, trustedProxyHops = 1) =>
    isOriginAllowed(request({ origin, host: "blog.example", ...headers }), { ...site, trustedProxyHops });
  const secure = { "x-forwarded-proto": "https" };
  expect(asked("https://blog.example", secure)).toBe(true);
  expect(asked("http://blog.example", secure), "a page that an attacker on the way may have written").toBe(
    false,
  );
  expect(asked("https://blog.example", { "x-forwarded-proto": "http" })).toBe(false);
  expect(asked("https://partner.example", secure)).toBe(true);
  expect(asked("http://blog.example", { "x-forwarded-proto": "http, https" }), "the last hop counts").toBe(
    false,
  );
  expect(asked("http://blog.example", { "x-forwarded-proto": "http, https" }, 2)).toBe(true);
  expect(asked("http://blog.example", secure, 0), "no proxy is trusted").toBe(true);
  for (const word of ["", "wss", "none"])
    expect(
      asked("http://blog.example", { "x-forwarded-proto": word }),
      "the header does not name a scheme",
    ).toBe(true);
});

test("a network holds as many connections as it has open sockets", () => {
  const count = new ConnectionCount();
  const [a, b] = ["192.0.2.1", "192.0.2.2"] as [Network, Network];
  const first = request({});
  expect(count.add(a, first)).toBe(1);
  expect(count.add(a, first)).toBe(1);
  expect(count.add(a, request({}))).toBe(2);
  expect(count.add(b, request({}))).toBe(1);
  first.socket.emit("close");
  expect(count.add(a, request({}))).toBe(2);
});

for (const [what, networks] of Object.entries({
  "an IPv4 /24": ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"],
  "an IPv6 /48": ["2001:db8:1:0", "2001:db8:1:1", "2001:db8:1:2", "2001:db8:1:3", "2001:db8:1:4"],
}))
  test(`[W-8] ${what} may hold four times as many connections as each network in it`, () => {
    const count = new ConnectionCount();
    const requests = networks.map(() => request({}));
    const held = requests.map((one, index) => count.add(networks[index] as Network, one));
    expect(held).toEqual([1, 1, 1, 1, 2]);
    expect(count.add("198.51.100.1" as Network, request({})), "a stranger").toBe(1);
    requests[0]?.socket.emit("close");
    expect(count.add(networks[1] as Network, requests[1] as IncomingMessage)).toBe(1);
  });
