import { MemoryDirectory } from "../../server/directory/memory-directory";
import { systemClock } from "../../server/lib/clock";
import { directoryContract } from "./directory-contract";

directoryContract("memory", async () => {
  const directory = new MemoryDirectory(systemClock);
  return [directory, directory];
});
