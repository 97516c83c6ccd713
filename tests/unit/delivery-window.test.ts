import { DeliveryWindow } from "../../server/gateway/delivery-window";
import { expect, test } from "../support/plain-test";

/** Sends entries as soon as the window allows it, and returns each wait in milliseconds. */
function talk(perSecond: number, connections: number, seconds: number, areNotices = false): number[] {
  let [now, dueAt] = [1_000_000, Number.POSITIVE_INFINITY];
  const window = new DeliveryWindow(() => now);
  const waits: number[] = [];
  for (let count = 0; count < perSecond * seconds; count += 1) {
    now += 1_000 / perSecond;
    if (now >= dueAt) {
      const at = now;
      now = dueAt;
      window.sent();
      [now, dueAt] = [at, Number.POSITIVE_INFINITY];
    }
    const wait = window.waitMs(1, areNotices, connections);
    waits.push(wait);
    if (wait === 0) window.sent();
    else dueAt = Math.min(dueAt, now + wait);
  }
  return waits;
}

const longest = (waits: number[]): number => Math.max(...waits.slice(waits.length / 2));

test("a quiet room has no window, however large it is", () => {
  expect(longest(talk(1, 250, 20))).toBe(0);
  expect(longest(talk(0.2, 5_000, 50))).toBe(0);
});

test("a lively room with few members has no window", () => {
  expect(longest(talk(20, 10, 5))).toBe(0);
});

test("a message after a pause is sent at once, even in a busy room", () => {
  let now = 1_000_000;
  const window = new DeliveryWindow(() => now);
  for (let count = 0; count < 200; count += 1) {
    now += 10;
    window.waitMs(1, false, 500);
    window.sent();
  }
  now += 60;
  expect(window.waitMs(1, false, 500)).toBe(0);
});

test("a busy room waits for about three entries, at least 25 ms and at most 50 ms", () => {
  expect(longest(talk(50, 250, 5))).toBeGreaterThan(25);
  expect(longest(talk(50, 250, 5))).toBeLessThanOrEqual(50);
  for (const rate of [200, 1_600]) {
    expect(longest(talk(rate, 200, 5))).toBeGreaterThan(20);
    expect(longest(talk(rate, 200, 5))).toBeLessThanOrEqual(25);
  }
});

test("joins and leaves wait for 250 ms in a crowd, and not at all among few", () => {
  const crowd = longest(talk(20, 250, 5, true));
  expect(crowd).toBeGreaterThan(150);
  expect(crowd).toBeLessThanOrEqual(250);
  expect(longest(talk(10, 50, 5, true))).toBe(0);
});

test("a clock that goes back does not hold entries longer", () => {
  let now = 1_000_000;
  const window = new DeliveryWindow(() => now);
  for (let count = 0; count < 200; count += 1) {
    now += 5;
    window.waitMs(1, false, 500);
  }
  window.sent();
  now -= 60_000;
  expect(window.waitMs(1, false, 500)).toBeLessThanOrEqual(50);
});
