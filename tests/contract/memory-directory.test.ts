import { systemClock } from "../../server/lib/clock";
import { MemoryRoomIndex } from "../../server/rooms/memory/room-index";
import { directoryContract } from "./directory-contract";

directoryContract("memory", async () => {
  const roomIndex = new MemoryRoomIndex(systemClock);
  return [roomIndex, roomIndex];
});
