import { test } from "@playwright/test";
import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import { type BrokerMaker, brokerContract } from "./broker-contract";
import { closingContract } from "./closing-contract";
import { crowdNoticesContract } from "./crowd-notices-contract";
import { feedBoundsContract } from "./feed-bounds-contract";
import { forgettingContract } from "./forgetting-contract";
import { heldNamesContract } from "./held-names-contract";
import { loadContract } from "./load-contract";
import { moderatingContract } from "./moderating-contract";
import { namingContract } from "./naming-contract";
import { presenceContract } from "./presence-contract";
import { readingContract } from "./reading-contract";
import { removingContract } from "./removing-contract";
import { renamingContract } from "./renaming-contract";
import { lookingContract } from "./summaries-contract";
import { typingContract } from "./typing-contract";
import { unreadContract } from "./unread-contract";

const opened: Broker[] = [];

const make: BrokerMaker = async (settings) => {
  const broker = new MemoryBroker({ historyLimit: 10_000, historyDays: 30, ...settings }, systemClock);
  opened.push(broker);
  return broker;
};

test.afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
});

brokerContract("memory", make);
readingContract("memory", make);
presenceContract("memory", make);
namingContract("memory", make);
lookingContract("memory", make);
renamingContract("memory", make);
removingContract("memory", make);
moderatingContract("memory", make);
closingContract("memory", make);
typingContract("memory", make);
forgettingContract("memory", make);
unreadContract("memory", make);
loadContract("memory", make);
feedBoundsContract("memory", make);
crowdNoticesContract("memory", make);
heldNamesContract("memory", make);
