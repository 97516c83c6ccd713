import type { IncomingMessage } from "node:http";
import { networkOf } from "../../server/gateway/network";
import { noNetwork, parseNetwork, widerNetwork } from "../../server/lib/network";
import { expect, test } from "../support/plain-test";

const network = (
  forwarded: string | undefined,
  hops: number,
  remoteAddress: string | undefined = "10.0.0.1",
) =>
  networkOf(
    {
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      socket: { remoteAddress },
    } as unknown as IncomingMessage,
    hops,
  );

test("an IPv4 address is its own network, and an IPv6 address belongs to the network of its first half", () => {
  const networks = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "::FFFF:c000:207": "192.0.2.7",
    "0:0:0:0:0:ffff:192.0.2.7": "192.0.2.7",
    "::1": "0:0:0:0",
    "::": "0:0:0:0",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2",
    "2001:0DB8:0001:0002::": "2001:db8:1:2",
    "2001:db8::6": "2001:db8:0:0",
    "2001:db8::1:2:3:4:5": "2001:db8:0:1",
    "fe80::1%eth0": "fe80:0:0:0",
  };
  for (const [address, expected] of Object.entries(networks))
    expect(parseNetwork(address), address).toBe(expected);
});

test("an address is read in every form that proxies write: with a port, in brackets, in quotes, with a zone", () => {
  const networks = {
    "203.0.113.5:40001": "203.0.113.5",
    " 203.0.113.5 ": "203.0.113.5",
    '"203.0.113.5:40001"': "203.0.113.5",
    "203.0.113.5:_client": "203.0.113.5",
    "[2001:db8::1]:40001": "2001:db8:0:0",
    "[2001:db8::2]": "2001:db8:0:0",
    '"[2001:db8::3]:40002"': "2001:db8:0:0",
    "[fe80::1%25eth0]:40001": "fe80:0:0:0",
    "[::ffff:203.0.113.5]:40001": "203.0.113.5",
    "::ffff:203.0.113.5:40001": "203.0.113.5",
    "2001:db8:1:2:3:4:5:6:40001": "2001:db8:1:2",
  };
  for (const [address, expected] of Object.entries(networks))
    expect(parseNetwork(address), address).toBe(expected);
  for (const none of [
    "unknown",
    "_hidden",
    "",
    " ",
    "203.0.113",
    "203.0.113.256",
    "[203.0.113.5]",
    "unix:",
    "a:b",
    "[]",
    "[::1",
    '"',
  ])
    expect(parseNetwork(none), none).toBeUndefined();
});

test("X-Forwarded-For is believed for as many hops as the setting trusts", () => {
  const chain = "1.1.1.1, 2.2.2.2, 3.3.3.3";
  expect([0, 1, 2, 3, 9].map((hops) => network(chain, hops))).toEqual([
    "10.0.0.1",
    "3.3.3.3",
    "2.2.2.2",
    "1.1.1.1",
    "1.1.1.1",
  ]);
  expect(network(undefined, 2)).toBe("10.0.0.1");
});

test("ports, zones and other forms of an address do not make another network", () => {
  const forms = [
    "203.0.113.5",
    "203.0.113.5:40001",
    "203.0.113.5:40002",
    "::ffff:203.0.113.5",
    "9.9.9.9, 203.0.113.5:3",
  ];
  expect(new Set(forms.map((form) => network(form, 1)))).toEqual(new Set(["203.0.113.5"]));
  const v6 = ["2001:db8::1", "[2001:db8::1]:40001", "[2001:DB8:0:0:ffff::2]:40002", "2001:db8::1%eth0"];
  expect(new Set(v6.map((form) => network(form, 1)))).toEqual(new Set(["2001:db8:0:0"]));
});

test("an empty place is ignored; a proxy that does not name its client stands for all its clients", () => {
  for (const chain of ["1.1.1.1,,2.2.2.2", ", 2.2.2.2", "2.2.2.2, ", "2.2.2.2,\t,"])
    expect(network(chain, 1), chain).toBe("2.2.2.2");
  for (const chain of ["unknown", "1.1.1.1, unknown", "_hidden", "1.1.1.1, _a7", "1.1.1.1, nonsense"])
    expect(network(chain, 1), chain).toBe("10.0.0.1");
  expect(network("1.1.1.1, unknown, 3.3.3.3", 2), "nothing before it is believed").toBe("3.3.3.3");
  expect(network("1.1.1.1, unknown, 3.3.3.3", 3)).toBe("3.3.3.3");
  expect(network(" , ", 1)).toBe("10.0.0.1");
});

test("the wider network is the /24 of an IPv4 address and the /48 of an IPv6 one", () => {
  const wider = (address: string) => widerNetwork(parseNetwork(address) ?? noNetwork);
  expect(wider("203.0.113.5")).toBe(wider("203.0.113.250"));
  expect(wider("203.0.113.5")).not.toBe(wider("203.0.114.5"));
  expect(wider("2001:db8:7:1::1")).toBe(wider("2001:db8:7:ffff::2"));
  expect(wider("2001:db8:7:1::1")).not.toBe(wider("2001:db8:8:1::1"));
  expect(widerNetwork(noNetwork)).toBe(noNetwork);
});

test("a connection over a socket file, or a closed one, has no network", () => {
  const gone = { headers: {}, socket: {} } as unknown as IncomingMessage;
  expect(networkOf(gone, 0)).toBe(noNetwork);
  expect(network("203.0.113.5", 1, "")).toBe("203.0.113.5");
});
