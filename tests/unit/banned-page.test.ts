import { banLookMs } from "../../components/chat/client/link";
import { endingOf } from "../../components/chat/state/room-over";
import { expect, test } from "../support/plain-test";
import { liveVisit, refusal } from "./chat-visit";

const minuteMs = 60_000;

test("[O-4] a page shows a ban from its own room at once, and ignores one from another room", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("room:banned", { room: "elsewhere" });
  expect(visit.socket.all("room:join").length).toBe(1);
  await visit.socket.hear("room:banned", { room: "lobby", retryAfterMs: minuteMs });
  await visit.socket.last("room:join").answer(refusal("banned", false, { retryAfterMs: minuteMs }));
  expect(endingOf(visit.state)).toBe("banned");
});

test("[O-4] a banned page checks silently whether the ban was lifted, and is then live again", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("room:banned", { room: "lobby" });
  await visit.socket.last("room:join").answer(refusal("banned", false));
  const shown = new Set<string | undefined>();
  visit.client.subscribe(() => shown.add(endingOf(visit.state)));
  await visit.environment.pass(banLookMs);
  await visit.socket.hear("connect");
  await visit.socket.last("room:join").answer(refusal("banned", false));
  expect([...shown]).toEqual(["banned"]);
  await visit.environment.pass(banLookMs);
  await visit.welcome();
  expect(visit.state.link.is).toBe("live");
});
