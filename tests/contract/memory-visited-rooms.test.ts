import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "./hand-clock";
import { visitsContract } from "./visited-rooms-contract";

visitsContract("memory", async () => {
  const clock = new HandClock();
  return { visits: new VisitedRooms(new MemoryRecords(clock)), pass: async (ms) => clock.skip(ms) };
});
