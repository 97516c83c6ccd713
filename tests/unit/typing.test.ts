import { firstMs, repeatMs } from "../../components/chat/client/typing";
import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { liveVisit, refusal, type Visit, withAnother } from "./chat-visit";
import { settle } from "./fake-environment";

/** How the page reports its own visitor's typing (C-6b), and handles refused requests. */

const told = (visit: Visit): unknown[] => visit.socket.all("typing:set").map(({ input }) => input.typing);

test("[C-6b] typing is reported soon, then every three seconds at most, and its end once", async () => {
  const visit = await liveVisit([], withAnother);
  for (let passedMs = 0; passedMs < 3_500; passedMs += 50) {
    visit.client.type(true);
    await visit.environment.pass(50);
  }
  expect(told(visit)).toEqual([true, true]);
  visit.client.type(false);
  visit.client.type(false);
  expect(told(visit)).toEqual([true, true, false]);
  visit.client.type(true);
  await visit.environment.pass(firstMs);
  expect(told(visit)).toEqual([true, true, false, true]);
});

test("[C-6b] a text pasted and sent at once, an empty box, and a cut link send no typing", async () => {
  const visit = await liveVisit([], withAnother);
  visit.client.type(false);
  visit.client.type(true);
  visit.client.type(false);
  await visit.environment.pass(repeatMs);
  expect(told(visit)).toEqual([]);
  visit.client.type(true);
  await visit.environment.pass(firstMs);
  const before = visit.socket;
  await before.hear("disconnect");
  await visit.environment.pass(repeatMs);
  visit.client.type(true);
  expect(before.all("typing:set")).toHaveLength(1);
  await visit.welcome([], withAnother);
  visit.client.type(true);
  await visit.environment.pass(firstMs);
  expect(told(visit), "the new connection knows nothing of the typing").toEqual([true]);
});

test("[C-6b] typing is reported to a room only while another visitor is there, its end in any case", async () => {
  const visit = await liveVisit();
  visit.client.type(true);
  await visit.environment.pass(firstMs);
  expect(told(visit)).toEqual([]);
  const other = { id: "v-other", name: "Calm Owl" };
  const appended = (entries: Entry[]) =>
    visit.socket.hear("feed:appended", { room: "lobby", epoch: "e1", entries });
  await appended([{ seq: 1, at: 1, kind: "join", by: other }]);
  visit.client.type(true);
  await visit.environment.pass(firstMs);
  expect(told(visit)).toEqual([true]);
  await appended([{ seq: 2, at: 2, kind: "leave", by: other }]);
  visit.client.type(false);
  expect(told(visit)).toEqual([true, false]);
});

test("suggested names need no room, and the server's answer is returned", async () => {
  const visit = await liveVisit();
  const suggested = visit.client.suggestNames();
  expect(visit.socket.last("name:suggest").input).toEqual({});
  await visit.socket.last("name:suggest").answer({ ok: true, names: ["Calm Fox", "Calm Owl"] });
  expect(await suggested).toEqual({ ok: true, names: ["Calm Fox", "Calm Owl"] });
  const refused = visit.client.suggestNames();
  await visit.socket.last("name:suggest").answer(refusal("bad_request", false));
  expect(await refused).toMatchObject({ ok: false, error: { code: "bad_request" } });
});

test("a typing request resolves when it is done, or with the reason", async () => {
  const visit = await liveVisit();
  const renamed = visit.client.rename("Calm Fox");
  expect(visit.socket.last("name:change").input).toEqual({ room: "lobby", name: "Calm Fox" });
  await visit.socket.last("name:change").answer({ ok: true, self: { id: "v-me", name: "Calm Fox" } });
  expect(await renamed).toBeUndefined();
  const another = visit.client.rename("Calm Owl");
  await visit.socket.last("name:change").answer(refusal("rate_limited", true));
  expect(await another).toBe("rate_limited");
  const removed = visit.client.remove(7);
  expect(visit.socket.last("message:remove").input).toEqual({ room: "lobby", seq: 7 });
  await visit.socket.hear("disconnect");
  expect(await removed).toBe("unavailable");
  await settle();
  expect(await visit.client.closeRoom()).toBe("unavailable");
});
