import { systemClock } from "../../server/lib/clock";
import { MemoryDirectory } from "../../server/rooms/memory/room-index";
import { directoryContract } from "./directory-contract";

directoryContract("memory", async () => {
  const directory = new MemoryDirectory(systemClock);
  return [directory, directory];
});
