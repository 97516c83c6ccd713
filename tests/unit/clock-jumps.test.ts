import { createNotifier } from "../../components/chat/client/notifier";
import { firstMs, repeatMs } from "../../components/chat/client/typing";
import { createConversationsClient } from "../../components/direct/conversations-client";
import { expect, test } from "../support/plain-test";
import { liveVisit, withAnother } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";

/** A change of the computer's clock must not affect the page's waits and lapses. */

const hourMs = 3_600_000;

for (const [how, shiftMs] of [
  ["back", -hourMs],
  ["forward", hourMs],
] as const) {
  test(`a clock set ${how} an hour neither delays a change of the page nor lets one through too early`, async () => {
    const environment = new FakeEnvironment();
    const notifier = createNotifier(environment);
    let told = 0;
    notifier.subscribe(() => {
      told += 1;
    });
    notifier.notify(false);
    environment.clockShiftMs = shiftMs;
    notifier.notify(false);
    expect(told, "within the pause").toBe(1);
    await environment.pass(100);
    expect(told).toBe(2);
  });

  test(`[C-6b] with a clock set ${how} an hour, typing is still reported every three seconds`, async () => {
    const visit = await liveVisit([], withAnother);
    const told = () => visit.socket.all("typing:set").length;
    visit.client.type(true);
    await visit.environment.pass(firstMs);
    expect(told()).toBe(1);
    await visit.environment.pass(repeatMs);
    visit.environment.clockShiftMs = shiftMs;
    visit.client.type(true);
    expect(told()).toBe(2);
    visit.client.type(true);
    expect(told(), "no more often").toBe(2);
    await visit.environment.pass(repeatMs);
    visit.client.type(true);
    expect(told()).toBe(3);
  });

  test(`a clock set ${how} an hour changes neither the time of a reconnection nor the seconds that the page shows`, async () => {
    const visit = await liveVisit();
    await visit.socket.hear("disconnect");
    const { link } = visit.state;
    expect(link.is).toBe("waiting");
    const leftMs = link.is === "waiting" ? link.retryAt - visit.environment.uptimeMs() : Number.NaN;
    visit.environment.clockShiftMs = shiftMs;
    expect(link.is === "waiting" && link.retryAt - visit.environment.uptimeMs()).toBe(leftMs);
    const sockets = visit.environment.sockets.length;
    await visit.environment.pass(leftMs);
    expect(visit.environment.sockets).toHaveLength(sockets + 1);
  });

  test(`a clock set ${how} an hour does not change the time of a list's reconnection`, async () => {
    const environment = new FakeEnvironment();
    environment.clockShiftMs = shiftMs;
    const client = createConversationsClient("en", environment);
    client.open();
    await settle();
    await environment.socket.hear("disconnect");
    const { link } = client.getState();
    const leftMs = link.is === "waiting" ? link.retryAt - environment.uptimeMs() : Number.NaN;
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThan(1_000);
  });
}
