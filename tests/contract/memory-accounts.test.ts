import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { MemoryRecords } from "../../server/records/memory/records";
import { expect, test } from "../support/fixtures";
import {
  type AccountsMaker,
  codeContract,
  endKeptMs,
  generationContract,
  quotaContract,
} from "./account-contract";
import { deviceContract } from "./device-contract";
import { HandClock } from "./hand-clock";
import { signUpContract } from "./sign-up-contract";

const make: AccountsMaker = async () => {
  const clock = new HandClock();
  const records = new MemoryRecords(clock);
  return {
    store: new AccountStore(records, { endKeptMs }),
    quotas: new QuotaStore(records),
    pass: async (ms) => clock.skip(ms),
  };
};

generationContract("memory", make);
codeContract("memory", make);
quotaContract("memory", make);
signUpContract("memory", make);
deviceContract("memory", make);

test("[ID-1] memory: the end of a token is forgotten once no token can be older", async () => {
  const { store, pass } = await make();
  await store.end({ visitor: "early", generation: 0 });
  await pass(endKeptMs / 2);
  await store.end({ visitor: "later", generation: 0 });
  await pass(endKeptMs / 2 + 1);
  await store.end({ visitor: "now", generation: 0 });
  expect((await store.ends.after(0)).map(({ visitor }) => visitor)).toEqual(["later", "now"]);
});
