import { MemoryBroker } from "../../server/broker/memory/broker";
import { ChatError } from "../../server/errors";
import type { CommandCaller } from "../../server/gateway/commands/command";
import { directCommands } from "../../server/gateway/commands/direct-commands";
import { roomCommands } from "../../server/gateway/commands/room-commands";
import { visitorCommands } from "../../server/gateway/commands/visitor-commands";
import type { Services } from "../../server/gateway/services";
import { systemClock } from "../../server/lib/clock";
import type { BudgetKind } from "../../server/limits/network-budget";
import { RateLimit } from "../../server/limits/rate-limit";
import { rareCommandRates } from "../../server/rates";
import { openTrial } from "../support/network-trial";
import { home, noBudget } from "../support/no-budget";
import { expect, test } from "../support/plain-test";
import { roomsOver } from "./rooms-over";

const minuteMs = 60_000;

/** A replica that forgets each visitor on request; a visitor with an account must give its password. */
function openForgetting() {
  const trial = openTrial();
  const forgets = new RateLimit(rareCommandRates.forgets, trial.clock);
  const state = { forgotten: 0, isProven: true };
  const forgetting = {
    async prove() {
      if (!state.isProven) throw new ChatError("forbidden");
    },
    async forget() {
      state.forgotten += 1;
      return {};
    },
  };
  const forget = (id: string) =>
    visitorCommands["visitor:forget"].carryOut(
      {
        networks: trial.budget,
        rareCommands: { forgets },
        forgetting,
        moderation: { roles: { forget: async () => undefined } },
        sessions: {},
      } as unknown as Services,
      { visitor: { id }, network: home, session: {} } as unknown as CommandCaller,
      {},
    );
  return { ...trial, state, forget };
}

test("[C-7] a visitor may ask to be forgotten three times at once, then once a minute, and refusals do not count for its network", async () => {
  const { clock, state, forget, tries } = openForgetting();
  for (let index = 0; index < 3; index += 1) await forget("otter");
  const refusal = { code: "rate_limited", retryAfterMs: minuteMs, scope: undefined };
  for (let index = 0; index < 50; index += 1) await expect(forget("otter")).rejects.toMatchObject(refusal);
  expect(state.forgotten).toBe(3);
  await forget("heron");
  expect(await tries("forgets", 100), "of the network's sixty").toBe(56);
  clock.skip(minuteMs);
  await forget("otter");
  await expect(forget("otter")).rejects.toMatchObject(refusal);
});

test("[W-8] sixty visitors of one network may be forgotten at once, then one every two seconds", async () => {
  const { clock, state, forget } = openForgetting();
  for (let index = 0; index < 60; index += 1) await forget(`visitor-${index}`);
  const refusal = { code: "rate_limited", scope: "network" };
  await expect(forget("one-too-many")).rejects.toMatchObject(refusal);
  expect(state.forgotten).toBe(60);
  clock.skip(2_000);
  await forget("the-next");
  await expect(forget("too-soon")).rejects.toMatchObject(refusal);
});

test("[H-6] a wrong password takes nothing from the forgetting limits of its visitor and network", async () => {
  const { state, forget, tries } = openForgetting();
  state.isProven = false;
  for (let index = 0; index < 10; index += 1)
    await expect(forget("otter")).rejects.toMatchObject({ code: "forbidden" });
  state.isProven = true;
  for (let index = 0; index < 3; index += 1) await forget("otter");
  expect(await tries("forgets", 100), "of the network's sixty").toBe(57);
});

test("[W-8] joins, renames, conversations and blocks are taken from the budget of the visitor's network", async () => {
  const spent: BudgetKind[] = [];
  const networks = Object.assign(Object.create(noBudget) as typeof noBudget, {
    async take(_network: string, kind: BudgetKind) {
      spent.push(kind);
    },
  });
  const unlimited = new RateLimit(undefined);
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const allowances = { joins: unlimited, creations: unlimited, renames: unlimited, typing: unlimited };
  const rooms = roomsOver(broker, { messages: unlimited, networks, ...allowances });
  const guest = { visitor: { id: "otter" }, network: home, connection: "one", locale: "en" as const };
  await rooms.enter("lobby", guest);
  await rooms.rename("lobby", guest);
  const services = {
    networks,
    newcomers: { assertMayBegin: async () => undefined },
    rareCommands: { blocks: unlimited },
    inboxes: { conversationWith: async () => undefined },
    conversations: {
      blocking: { block: async () => undefined },
      async open(_visitor: string, _partner: string, begin: () => Promise<void>) {
        await begin();
        return { room: {}, partner: {} };
      },
    },
  } as unknown as Services;
  const caller = guest as unknown as CommandCaller;
  await directCommands["direct:open"].carryOut(services, caller, { with: "heron" });
  await directCommands["visitor:block"].carryOut(services, caller, { visitor: "heron", blocked: true });
  expect(spent).toEqual(["joins", "names", "conversations", "blocks"]);
});

test("[C-7] a visitor asks for the rooms a hundred times at once, then ten times a second", async () => {
  const { clock } = openTrial();
  const roomLists = new RateLimit(rareCommandRates.roomLists, clock);
  const services = {
    roomList: { rooms: async () => [] },
    moderation: { isAnywhereShadowed: () => false },
    rareCommands: { roomLists },
  } as unknown as Services;
  const list = (id: string) =>
    roomCommands["room:list"].carryOut(services, { visitor: { id } } as unknown as CommandCaller, {});
  for (let index = 0; index < 100; index += 1) await list("otter");
  await expect(list("otter")).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 100 });
  await list("heron");
  clock.skip(1_000);
  for (let index = 0; index < 10; index += 1) await list("otter");
  await expect(list("otter")).rejects.toMatchObject({ code: "rate_limited" });
});
