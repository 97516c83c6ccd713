import { isBarred } from "../../components/chat/state/writing";
import { expect, test } from "../support/plain-test";
import { liveVisit, refusal } from "./chat-visit";
import { me, welcome } from "./feed-makers";

test("[O-4] the page counts as muted until the time in the refusal; a new join may change that", async () => {
  const visit = await liveVisit();
  await visit.send("not now");
  await visit.socket.last("message:send").answer(refusal("muted", false, { retryAfterMs: 60_000 }));
  expect(visit.state.muted).toEqual({ until: visit.environment.now() + 60_000 });
  expect(isBarred(visit.state)).toBe(true);
  await visit.environment.pass(60_000);
  expect(visit.state.muted).toBeUndefined();
  await visit.send("nor now");
  await visit.socket.last("message:send").answer(refusal("muted", false));
  expect(visit.state.muted).toEqual({});
});

test("[O-5] a change of the room's rules applies at once, and does not bind owner and moderators", async () => {
  const visit = await liveVisit();
  const room = { ...welcome([]).room, rules: { writers: "moderators" } };
  await visit.socket.hear("room:changed", { room: { ...room, id: "elsewhere" } });
  expect(isBarred(visit.state)).toBe(false);
  await visit.socket.hear("room:changed", { room });
  expect(isBarred(visit.state)).toBe(true);
  await visit.welcome([], { room, self: { ...me, role: "moderator" } });
  expect(isBarred(visit.state)).toBe(false);
});
