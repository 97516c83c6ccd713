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

const suites = [
  brokerContract,
  readingContract,
  presenceContract,
  namingContract,
  lookingContract,
  renamingContract,
  removingContract,
  moderatingContract,
  closingContract,
  typingContract,
  forgettingContract,
  unreadContract,
  loadContract,
  feedBoundsContract,
  crowdNoticesContract,
  heldNamesContract,
];

/** Proves every promise of server/broker/broker.ts on brokers of one kind. */
export function brokerSuites(kind: string, make: BrokerMaker): void {
  for (const suite of suites) suite(kind, make);
}
