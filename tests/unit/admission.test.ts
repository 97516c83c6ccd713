import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test } from "@playwright/test";
import { AddressCount, addressOf, isOriginAllowed, networkOf } from "../../server/gateway/admission";

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

test("[W-3] a request without an origin is a setting's question", () => {
  expect(isOriginAllowed(request({ host: "x" }), site)).toBe(false);
  expect(isOriginAllowed(request({ host: "x" }), { ...site, isOriginRequired: false })).toBe(true);
});

test("X-Forwarded-For is believed for as many hops as are trusted", () => {
  const forwarded = request({ "x-forwarded-for": "1.1.1.1, 2.2.2.2, 3.3.3.3" });
  expect([0, 1, 2, 3, 9].map((hops) => addressOf(forwarded, hops))).toEqual([
    "10.0.0.1",
    "3.3.3.3",
    "2.2.2.2",
    "1.1.1.1",
    "1.1.1.1",
  ]);
});

test("an address holds as many connections as it has open sockets", () => {
  const count = new AddressCount();
  const first = request({});
  expect(count.add("a", first)).toBe(1);
  expect(count.add("a", first)).toBe(1);
  expect(count.add("a", request({}))).toBe(2);
  expect(count.add("b", request({}))).toBe(1);
  first.socket.emit("close");
  expect(count.add("a", request({}))).toBe(2);
});

test("an IPv4 address is a network of its own, of an IPv6 address its first half is", () => {
  const networks = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "::1": "0:0:0:0",
    "::": "0:0:0:0",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2",
    "2001:0DB8:0001:0002::": "2001:db8:1:2",
    "2001:db8::6": "2001:db8:0:0",
    "fe80::1%eth0": "fe80:0:0:0",
  };
  for (const [address, network] of Object.entries(networks))
    expect(networkOf(address), address).toBe(network);
});
