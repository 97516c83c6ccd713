import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RoomIndex } from "../../server/rooms/room-index";
import { directoryContract } from "./room-index-contract";

directoryContract("memory", async () => {
  const roomIndex = new RoomIndex(new MemoryRecords(systemClock));
  return [roomIndex, roomIndex];
});
