import { RoomIndex } from "../../server/rooms/room-index";
import { test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import { closeRecordStores, recordStore } from "./record-stores";
import { directoryContract } from "./room-index-contract";
import { kinds } from "./stores";

let shared: RedisServer;
test.beforeEach(({ redis }) => {
  shared = redis;
});
test.afterEach(closeRecordStores);

for (const kind of kinds)
  directoryContract(kind, async () => {
    const { open } = await recordStore(kind, shared);
    return [new RoomIndex(await open()), new RoomIndex(await open())];
  });
