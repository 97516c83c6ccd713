import { randomUUID } from "node:crypto";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { closeJournals, openJournal } from "../../tests/support/journals";
import { makeFolder } from "../../tests/support/temporary-folder";
import { text } from "./text";

/** Fills a folder with copies of one full room. */
export async function fillFolder(rooms: number, entries: number): Promise<string> {
  const folder = await makeFolder("bench");
  const limits = { historyLimit: entries, historyDays: 30, historyBytes: 1e9 };
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), await openJournal(folder));
  await broker.rooms.create({ id: "room-1", title: "Room 1", kind: "public" });
  const names = [{ name: "a", skeleton: "a" }];
  await broker.membership.enter({ room: "room-1", visitor: "a", connection: "a", names });
  const said = Array.from({ length: entries }, () => ({ clientMessageId: randomUUID(), text }));
  await Promise.all(said.map((draft) => broker.feed.publish("room-1", "a", draft)));
  await broker.close();
  await closeJournals();
  const file = new ClassicLevel(path.join(folder, "store"));
  const rows: [string, string][] = [];
  for await (const row of file.iterator({ gte: "e:", lt: "s" })) if (/^[er]:/.test(row[0])) rows.push(row);
  for (let number = 2; number <= rooms; number += 1) {
    const digits = number.toString(36).padStart(6, "0");
    await file.batch(
      rows.map(([key, value]) => ({
        type: "put" as const,
        key: key.slice(0, 2) + digits + key.slice(8),
        value: key.startsWith("r:") ? value.replaceAll("room-1", `room-${number}`) : value,
      })),
    );
  }
  await file.close();
  return folder;
}
