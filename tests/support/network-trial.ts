import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { ChatError } from "../../server/errors";
import { type Clock, systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { MemorySharedRates } from "../../server/limits/memory/shared-rates";
import { MessageLimits } from "../../server/limits/message-limits";
import { NetworkBudget, type Spending } from "../../server/limits/network-budget";
import { NewVisitors } from "../../server/limits/new-visitors";
import { Newcomers } from "../../server/limits/newcomers";
import { Proofs } from "../../server/limits/proofs";
import { RateLimit } from "../../server/limits/rate-limit";
import type { SharedRates } from "../../server/limits/shared-rates";
import { WrittenMessages } from "../../server/limits/written-messages";
import { networkRatesFor, newcomerLimits, roomRates } from "../../server/rates";
import { MemoryRecords } from "../../server/records/memory/records";
import { home } from "./no-budget";

const byDefault = { messagesPerSecond: 5, messageBurst: 10 };
const logger = pino({ level: "silent" });
const secret = Buffer.from("the same on all replicas");

/** A clock that stands still until the test advances it. */
export class StandingClock implements Clock {
  private time = systemClock.now();
  now = (): number => this.time;
  after = (): (() => void) => () => undefined;
  every = (): (() => void) => () => undefined;
  skip(ms: number): void {
    this.time += ms;
  }
}

/** One replica's default limits, over a store that can be unreachable and counts its calls. */
export function openTrial(clock = new StandingClock()) {
  const memory = new MemorySharedRates(clock);
  const state = { asked: 0, isAway: false };
  const rates: SharedRates = {
    async take(group, takes) {
      state.asked += 1;
      if (state.isAway) throw new ChatError("unavailable");
      return memory.take(group, takes);
    },
  };
  const budget = new NetworkBudget({ rates, clock, logger }, { of: networkRatesFor(byDefault), secret });
  const accounts = new AccountStore(new MemoryRecords(clock), { endKeptMs: 31 * 86_400_000 });
  const written = new WrittenMessages(new MemoryRecords(systemClock));
  const newcomers = new Newcomers({ accounts, written, clock, logger }, newcomerLimits, 86_400_000);
  const messageLimits = new MessageLimits({
    messages: new RateLimit({ perSecond: 5, burst: 10 }, clock),
    reserve: new RateLimit(roomRates.reserve, clock),
    newcomers,
    networks: budget,
  });
  const newVisitors = new NewVisitors({
    networks: budget,
    proofs: new Proofs({ rates, clock, logger }, secret),
  });

  let [seq, visitors] = [0, 0];
  const isTaken = (attempt: Promise<unknown>): Promise<boolean> =>
    attempt.then(
      () => true,
      (error: ChatError) => {
        if (!["rate_limited", "proof_required"].includes(error.code)) throw error;
        return false;
      },
    );
  return {
    budget,
    clock,
    state,
    accounts,
    written,
    newcomers,
    newVisitors,
    newVisitor: () => ({ id: `visitor-${++visitors}`, since: clock.now() }),
    arrives: (network = home) => isTaken(newVisitors.admit(network, undefined)),
    async says(
      visitor: { id: string; since?: number },
      text = "Good morning",
      room = "lobby",
      network = home,
    ) {
      const isSaid = await isTaken(messageLimits.take({ visitor, network }, room, text));
      if (isSaid) newcomers.messageSent(visitor, room, ++seq);
      return isSaid;
    },
    /** Tries `count` times; resolves with how many tries are accepted. */
    async tries(spending: Spending["kind"] | Spending, count: number, network: Network = home) {
      let taken = 0;
      for (let index = 0; index < count; index += 1)
        if (await isTaken(budget.take(network, spending))) taken += 1;
      return taken;
    },
  };
}
