import { setTimeout as pause } from "node:timers/promises";
import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

const membersInRoom = 50;
const kibibyte = 1_024;
const mebibyte = kibibyte * kibibyte;

/** The memory of a silent member: the growth from few to many members, divided among them, in rooms of 50. */
export async function idleMemory(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const { few, many } = scale.idle;
  const rooms = Array.from({ length: Math.ceil(many / membersInRoom) }, (_, number) => `room-${number}`);
  const audience = new Audience(deployment, rooms, 1);
  const place = (number: number): [0 | 1, number] => [
    (number % 2) as 0 | 1,
    Math.floor(number / membersInRoom),
  ];
  try {
    const base = deployment.memory() / deployment.servers.length;
    await audience.makeRooms();
    await audience.admitAll(few, place);
    await audience.settle(2_000);
    const before = deployment.memory();
    await audience.admitAll(many - few, (number) => place(few + number));
    await audience.settle(2_000);
    const after = deployment.memory();
    const cpuBefore = await deployment.cpu();
    const idleSeconds = scale.quietSeconds;
    await pause(idleSeconds * 1_000);
    const cpuAfter = await deployment.cpu();
    const share = (what: "servers" | "redis") => (cpuAfter[what] - cpuBefore[what]) / idleSeconds / 10;
    const figures = {
      "memory per member": (after - before) / (many - few) / kibibyte,
      "base memory": base / mebibyte,
      "idle server CPU": share("servers"),
      "idle Redis CPU": share("redis"),
    };
    return [{ workload: "memory", figures, audience }];
  } finally {
    audience.close();
  }
}
