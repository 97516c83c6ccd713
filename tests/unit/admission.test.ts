import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test } from "@playwright/test";
import { ConnectionCount, isOriginAllowed } from "../../server/gateway/admission";
import type { Network } from "../../server/lib/network";

const request = (headers: Record<string, string>, remoteAddress = "10.0.0.1") => {
  const socket = Object.assign(new EventEmitter(), { remoteAddress });
  return { headers, socket, connection: socket } as unknown as IncomingMessage;
};
const site = { allowedOrigins: ["https://partner.example"], isOriginRequired: true };

test("[W-3] this site is the host that the request was sent to", () => {
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

test("[W-3] a host is the same with or without its default port, in any letters, with or without a dot at its end", () => {
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

test("[W-3] another port, another scheme's port, or what only looks like the host is another site", () => {
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

test("[W-3] a request without an origin is a setting's question", () => {
  expect(isOriginAllowed(request({ host: "x" }), site)).toBe(false);
  expect(isOriginAllowed(request({ host: "x" }), { ...site, isOriginRequired: false })).toBe(true);
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

test("[W-8] the networks of a wider one hold four times together what one of them may", () => {
  const count = new ConnectionCount();
  const wide = Array.from({ length: 100 }, (_, index) => `2001:db8:7:${index.toString(16)}` as Network);
  const counts = wide.map((network) => count.add(network, request({})));
  expect([counts[3], counts[4], counts[99]]).toEqual([1, 2, 25]);
  expect(count.add("2001:db8:8:1" as Network, request({})), "its neighbour").toBe(1);
});
