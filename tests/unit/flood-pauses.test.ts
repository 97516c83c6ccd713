import { FloodPauses } from "../../server/gateway/flood-pauses";
import type { Network } from "../../server/lib/network";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const [school, elsewhere] = ["192.0.2.1", "203.0.113.9"] as [Network, Network];

function opened() {
  const clock = new FakeClock();
  const pauses = new FloodPauses(clock);
  const refusal = (ask: () => void): unknown => {
    try {
      ask();
      return "let in";
    } catch (error) {
      return error;
    }
  };
  return {
    clock,
    pauses,
    visitor: (visitor: string, network = school) => refusal(() => pauses.admitVisitor(network, visitor)),
    newcomer: (network = school) => refusal(() => pauses.admitTokenless(network)),
  };
}

test("[W-8a] a visitor whose connection flooded waits before its next one, and longer each time", () => {
  const { clock, pauses, visitor } = opened();
  const waits: unknown[] = [];
  for (let time = 0; time < 9; time += 1) {
    pauses.add(school, "hasty");
    pauses.add(school, "hasty");
    const { code, retryAfterMs = 0, scope } = visitor("hasty") as Record<string, never>;
    expect([code, scope]).toEqual(["rate_limited", undefined]);
    waits.push(retryAfterMs);
    clock.advance(retryAfterMs);
    expect(visitor("hasty")).toBe("let in");
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1_000));
  clock.advance(700_000);
  pauses.add(school, "hasty");
  expect(visitor("hasty"), "ten quiet minutes later it is forgotten").toMatchObject({ retryAfterMs: 5_000 });
});

test("[W-8a] one visitor's floods do not affect its network; several visitors' floods slow only its new visitors", () => {
  const { clock, pauses, visitor, newcomer } = opened();
  for (let time = 0; time < 5; time += 1) {
    pauses.add(school, "one");
    clock.advance(1_000);
  }
  pauses.add(school, "two");
  expect(newcomer()).toBe("let in");
  pauses.add(school, undefined);
  expect(newcomer()).toMatchObject({ code: "rate_limited", scope: "network", retryAfterMs: 5_000 });
  expect(visitor("honest"), "it has been here before").toBe("let in");
  expect(newcomer(elsewhere)).toBe("let in");
  clock.advance(5_000);
  expect(newcomer()).toBe("let in");
});

test("[W-8a] visitors that flood on different days do not count together", () => {
  const { clock, pauses, newcomer } = opened();
  for (const one of ["one", "two", "three", "four"]) {
    pauses.add(school, one);
    clock.advance(61_000);
  }
  expect(newcomer()).toBe("let in");
});

test("[W-8a] a network that must wait may ask a limited number of times, and is then refused without an answer", () => {
  const { clock, pauses, newcomer } = opened();
  for (const one of ["one", "two", "three"]) pauses.add(school, one);
  for (let ask = 0; ask < 600; ask += 1) newcomer();
  expect(pauses.isShut(school)).toBe(false);
  newcomer();
  expect([pauses.isShut(school), pauses.isShut(elsewhere)]).toEqual([true, false]);
  clock.advance(1_000);
  expect(pauses.isShut(school)).toBe(false);
});
