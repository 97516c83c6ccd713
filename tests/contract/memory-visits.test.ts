import { Visits } from "../../server/accounts/visits";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "./hand-clock";
import { visitsContract } from "./visits-contract";

visitsContract("memory", async () => {
  const clock = new HandClock();
  return { visits: new Visits(new MemoryRecords(clock)), pass: async (ms) => clock.skip(ms) };
});
