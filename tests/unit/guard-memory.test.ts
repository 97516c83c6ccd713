import type { Network } from "../../server/lib/network";
import { Copies } from "../../server/moderation/copies";
import { copiesMs, floodMs } from "../../server/moderation/guard-scores";
import { NewcomerFloods } from "../../server/moderation/newcomer-floods";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

test("[O-7] the guard forgets texts and newcomers of a network that are too old to count", () => {
  const clock = new FakeClock();
  const [copies, floods] = [new Copies(clock), new NewcomerFloods(clock)];
  copies.count("visitor otter", "hello", "m1");
  floods.isOne("192.0.2.7" as Network, "otter");
  clock.advance(floodMs);
  copies.count("visitor heron", "hello", "m1");
  floods.isOne("192.0.2.8" as Network, "heron");
  const forget = () => {
    copies.forgetOld();
    floods.forgetOld();
    return [copies.size, floods.size];
  };
  expect(forget()).toEqual([2, 1]);
  clock.advance(copiesMs - floodMs);
  expect(forget()).toEqual([1, 0]);
  expect(copies.count("visitor heron", "hello", "m2"), "still counted").toBe(2);
});
