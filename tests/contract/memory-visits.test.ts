import { MemoryVisits } from "../../server/accounts/memory/visits";
import { HandClock } from "./hand-clock";
import { visitsContract } from "./visits-contract";

visitsContract("memory", async () => {
  const clock = new HandClock();
  return { visits: new MemoryVisits(clock), pass: async (ms) => clock.skip(ms) };
});
