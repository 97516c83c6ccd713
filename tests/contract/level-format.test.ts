import { readFileSync } from "node:fs";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { formatVersion } from "../../server/journal/level/level-file";
import { listAt, setAt, valueAt } from "../../server/records/kinds";
import { EmbeddedStore } from "../support/embedded-store";
import { expect, test } from "../support/fixtures";
import { closeJournals } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { draft, enter } from "./observed-room";

test.afterEach(closeJournals);

const [ann, ben] = ["ann-012345678901", "ben-012345678901"] as const;

/** A store's rows as a release of this format wrote them: a JSON array of key and text in each line. */
async function folderOf(version: number): Promise<string> {
  const folder = await makeFolder("format");
  const file = new ClassicLevel(path.join(folder, "store"));
  const lines = readFileSync(`tests/support/rows/format-${version}.jsonl`, "utf8").trim().split("\n");
  for (const line of lines) {
    const [key, text] = JSON.parse(line) as [string, string];
    await file.put(key, text);
  }
  await file.close();
  return folder;
}

for (let version = 1; version <= formatVersion; version += 1)
  test(`a store of format ${version} opens with all its content`, async () => {
    const { broker, records } = await EmbeddedStore.open({}, await folderOf(version));
    const page = await broker.feed.read("tea", { limit: 100 });
    expect(page).toMatchObject({ epoch: "cyvdvMFqhB", first: 1, head: 7, isClosed: false });
    expect(page.entries).toMatchObject([
      { seq: 1, kind: "join", by: { id: ann, name: "Otter" } },
      { seq: 2, kind: "join", by: { id: ben, name: "Heron" } },
      { seq: 3, kind: "message", text: "said", clientMessageId: "draft-00000001" },
      { seq: 4, kind: "removed" },
      { seq: 5, kind: "removal", targets: [4] },
      { seq: 6, kind: "rename", by: { name: "Crane" }, was: "Heron" },
      { seq: 7, kind: "message", text: "an answer", replyTo: 3 },
    ]);
    await enter(broker, "tea", ann, "a2", "Swan");
    expect(
      await broker.feed.publish("tea", "a2", { ...draft("said"), clientMessageId: "draft-00000001" }),
    ).toEqual({
      seq: 3,
      at: page.entries[2]?.at,
    });
    expect(await broker.unread.count([directRoomOf(ann, ben)], ben)).toEqual([1]);
    expect(
      await records.read(
        valueAt("{t}:value").value(),
        setAt("{t}:set").members(),
        listAt("{t}:list").listed({ order: "lowest" }),
      ),
    ).toEqual([
      "x",
      ["a", "b"],
      [
        ["low", 1],
        ["high", 2],
      ],
    ]);
  });
