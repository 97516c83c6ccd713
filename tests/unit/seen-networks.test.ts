import type { Network } from "../../server/lib/network";
import { rememberedMs, SeenNetworks } from "../../server/moderation/seen-networks";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const [here, there] = ["192.0.2.7", "198.51.100.7"] as [Network, Network];

test("a visitor's network is known for a day after its visit, and then forgotten even if no other visitor comes", () => {
  const clock = new FakeClock();
  const networks = new SeenNetworks(clock, Buffer.from("secret"));
  networks.note("otter", here);
  clock.advance(rememberedMs / 2);
  networks.note("heron", there);
  expect(networks.digestFor("otter")).toBe(networks.digestOf(here));
  clock.advance(rememberedMs / 2);
  expect(networks.digestFor("otter")).toBeUndefined();
  expect(networks.digestFor("heron")).toBe(networks.digestOf(there));
  clock.advance(2 * rememberedMs);
  expect(networks.size, "memory has none").toBe(0);
});

test("each network has its own digest, and another secret gives another", () => {
  const clock = new FakeClock();
  const [one, other] = ["one", "other"].map((secret) => new SeenNetworks(clock, Buffer.from(secret)));
  expect(one?.digestOf(here)).not.toBe(one?.digestOf(there));
  expect(one?.digestOf(here)).not.toBe(other?.digestOf(here));
});
