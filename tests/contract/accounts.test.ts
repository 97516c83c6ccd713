import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import {
  type AccountsMaker,
  codeContract,
  endKeptMs,
  generationContract,
  quotaContract,
} from "./account-contract";
import { deviceContract } from "./device-contract";
import { closeRecordStores, recordStore } from "./record-stores";
import { signUpContract } from "./sign-up-contract";
import { kinds } from "./stores";

let shared: RedisServer;
test.beforeEach(({ redis }) => {
  shared = redis;
});
test.afterEach(closeRecordStores);

for (const kind of kinds) {
  const make: AccountsMaker = async () => {
    const { open, pass } = await recordStore(kind, shared);
    const records = await open();
    return { store: new AccountStore(records, { endKeptMs }), quotas: new QuotaStore(records), pass };
  };
  for (const contract of [generationContract, codeContract, quotaContract, signUpContract, deviceContract])
    contract(kind, make);
}
