import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import type { BrokerMaker } from "./broker-contract";
import { brokerSuites } from "./broker-suites";

const opened: Broker[] = [];

const make: BrokerMaker = async (settings) => {
  const limits = { historyLimit: 10_000, historyDays: 30, ...settings };
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), await openJournal());
  opened.push(broker);
  return broker;
};

test.afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
  await closeJournals();
});

brokerSuites("level", make);
