import { openSessionToken } from "../../components/chat/client/session-token";
import { takeTurn } from "../../components/chat/client/storage-turn";
import { expect, test } from "../support/plain-test";
import { Visit } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";
import { welcome } from "./feed-makers";

/** Tabs that open at once in a browser without a visitor. */

async function openTabs(count: number): Promise<Visit[]> {
  const environment = new FakeEnvironment();
  environment.browser.unlocked.clear();
  const tabs = Array.from(
    { length: count },
    (_, index) => new Visit(index ? new FakeEnvironment(environment.browser) : environment),
  );
  for (const tab of tabs) await tab.open();
  return tabs;
}

const isConnecting = ({ environment }: Visit): boolean => environment.openSockets.length > 0;

/** The server names the visitor of the tab's newest connection. */
async function name({ environment }: Visit, id: string): Promise<void> {
  await environment.socket.hear("connect");
  await environment.socket.hear("session:started", { visitor: { id }, token: `token of ${id}` });
  await environment.socket.last("room:join").answer({ ok: true, ...welcome([]) });
}

test("[ID-1] one tab connects without a token, and the others use the token that it gets", async () => {
  const tabs = await openTabs(4);
  expect(tabs.map(isConnecting)).toEqual([true, false, false, false]);
  const [first, ...others] = tabs;
  if (!first) throw new Error("no tab");
  await name(first, "v1");
  await first.environment.pass(100);
  expect(others.map(({ socket }) => socket.handshake.token)).toEqual(Array(3).fill("token of v1"));
});

test("[ID-1] when the first tab gets no visitor, the next one tries", async () => {
  const [first, second] = await openTabs(2);
  if (!first || !second) throw new Error("no tabs");
  await first.socket.hear("connect_error", new Error("503"));
  await first.environment.pass(100);
  expect(isConnecting(second)).toBe(true);
  await name(second, "v2");
  await second.environment.pass(100);
  await first.environment.pass(1_000);
  expect(first.socket.handshake.token).toBe("token of v2");
});

test("[ID-1] a tab that is closed while it waits lets the others pass", async () => {
  const [first, second, third] = await openTabs(3);
  if (!first || !second || !third) throw new Error("no tabs");
  second.client.close();
  await name(first, "v1");
  await first.environment.pass(100);
  expect([isConnecting(second), isConnecting(third)]).toEqual([false, true]);
});

test("[ID-1] a tab that connected too late takes over the other tab's visitor", async () => {
  const tab = new Visit();
  await tab.open();
  await tab.socket.hear("connect");
  openSessionToken(new FakeEnvironment(tab.environment.browser).local).keep("token of the other");
  await tab.socket.hear("session:started", { visitor: { id: "late" }, token: "token of late" });
  expect(tab.socket.isClosed).toBe(true);
  await tab.environment.pass(1_000);
  expect(tab.socket.handshake.token).toBe("token of the other");
});

test("without locks tabs take turns through their storage", async () => {
  const one = new FakeEnvironment();
  const two = new FakeEnvironment(one.browser);
  const order: string[] = [];
  let finish: () => void = () => {};
  const turns = [
    takeTurn(one, "turn", async () => {
      order.push("one begins");
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push("one ends");
    }),
    takeTurn(two, "turn", async () => void order.push("two")),
  ];
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) for (const tab of [one, two]) await tab.pass(100);
  };
  await pass(1_000);
  expect(order).toEqual(["one begins"]);
  finish();
  await settle();
  await pass(300);
  await Promise.all(turns);
  expect(order).toEqual(["one begins", "one ends", "two"]);
  expect([...one.local.kept.keys()]).toEqual([]);
});

test("a tab that is closed during its turn blocks the others for ten seconds at most", async () => {
  const one = new FakeEnvironment();
  one.local.set("turn", `somebody ${one.now() + 10_000}`);
  let hasRun = false;
  void takeTurn(one, "turn", async () => {
    hasRun = true;
  });
  await one.pass(9_000);
  expect(hasRun).toBe(false);
  await one.pass(2_000);
  expect(hasRun).toBe(true);
});
