import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import { closeRecordStores, recordStore } from "./record-stores";
import { kinds } from "./stores";
import { visitsContract } from "./visited-rooms-contract";

let shared: RedisServer;
test.beforeEach(({ redis }) => {
  shared = redis;
});
test.afterEach(closeRecordStores);

for (const kind of kinds)
  visitsContract(kind, async () => {
    const { open, pass } = await recordStore(kind, shared);
    return { visits: new VisitedRooms(await open()), pass };
  });
