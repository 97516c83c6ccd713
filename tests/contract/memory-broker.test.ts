import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import { test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { brokerSuites } from "./broker-suites";

const opened: Broker[] = [];

const make: BrokerMaker = async (settings) => {
  const broker = new MemoryBroker({ historyLimit: 10_000, historyDays: 30, ...settings }, systemClock);
  opened.push(broker);
  return broker;
};

test.afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
});

brokerSuites("memory", make);
