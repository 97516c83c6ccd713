import { FloodMeter } from "../../server/gateway/flood-meter";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const rates = { frames: { perSecond: 10, burst: 20 }, refusals: { perSecond: 1, burst: 5 } };

function opened() {
  const clock = new FakeClock();
  let floods = 0;
  const meter = new FloodMeter(rates, clock, () => {
    floods += 1;
  });
  return { clock, meter, floods: () => floods };
}

test("[W-8a] frames are read up to their rate, and further ones are told how long to wait", () => {
  const { clock, meter, floods } = opened();
  for (let frame = 0; frame < 20; frame += 1) meter.arrived(100);
  expect(meter.waitMs()).toBe(0);
  meter.arrived(100);
  expect(meter.waitMs()).toBe(100);
  clock.advance(100);
  expect(meter.waitMs()).toBe(0);
  expect(floods()).toBe(0);
});

test("[W-8a] a heavy frame counts as several light ones", () => {
  const { meter } = opened();
  meter.arrived(60 * 1024);
  expect(meter.waitMs()).toBe(0);
  meter.arrived(60 * 1024);
  expect(meter.waitMs()).toBe(1_200);
});

test("[W-8a] a connection that stays over the rate is a flood, reported once; one that waits is not", () => {
  const { clock, meter, floods } = opened();
  for (let frame = 0; frame < 25; frame += 1) meter.arrived(0);
  expect(floods()).toBe(0);
  meter.arrived(0);
  expect([floods(), meter.isFlooded]).toEqual([1, true]);
  for (let frame = 0; frame < 100; frame += 1) meter.arrived(0);
  meter.refused();
  expect(floods()).toBe(1);

  const patient = opened();
  for (let minute = 0; minute < 60; minute += 1) {
    for (let frame = 0; frame < 25; frame += 1) patient.meter.arrived(0);
    patient.clock.advance(60_000);
  }
  expect(patient.floods()).toBe(0);
  expect(clock.now()).toBeGreaterThan(0);
});

test("[W-8a] occasional refusals are not a flood, many at once are", () => {
  const { clock, meter, floods } = opened();
  for (let second = 0; second < 600; second += 1) {
    meter.refused();
    clock.advance(1_000);
  }
  expect(floods()).toBe(0);
  for (let refusal = 0; refusal < 6; refusal += 1) meter.refused();
  expect(floods()).toBe(1);
});
