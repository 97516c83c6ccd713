import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { isWholeTable } from "../../server/journal/level/table-state";
import { expect, test } from "../support/fixtures";
import { makeFolder } from "../support/temporary-folder";

/** Short and long, similar and random texts: LevelDB compresses some blocks and not others. */
const texts = [
  (number: number) => `line ${number} of a talk in which much is said again and again and again`,
  () => randomBytes(300).toString("base64"),
  (number: number) => "ㅋ".repeat(number % 700),
  () => "",
  () => randomBytes(6_000).toString("base64"),
];

async function writtenTables(): Promise<{ name: string; bytes: Buffer }[]> {
  const folder = await makeFolder("tables");
  const file = new ClassicLevel(folder);
  for (const text of texts) {
    const rows = Array.from({ length: 250 }, (_, number) => ({
      type: "put" as const,
      key: `e:room ${number % 7}\n${String(number).padStart(12, "0")}`,
      value: text(number),
    }));
    await file.batch(rows);
    await file.compactRange("", "~");
  }
  await file.put("last", "a table of one row");
  await file.compactRange("last", "last~");
  await file.close();
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ldb"));
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })));
}

test("[F-1] every table that LevelDB has written counts as whole, and none with a changed byte or a missing end does", async () => {
  const tables = await writtenTables();
  expect(tables.length).toBeGreaterThan(1);
  let packed = 0;
  for (const { name, bytes } of tables) {
    expect(isWholeTable(bytes), name).toBe(true);
    packed += Number(!bytes.includes("is said again and again and again"));
    const offsets = [
      ...Array.from({ length: 100 }, (_, step) => Math.floor((step * bytes.length) / 100)),
      ...Array.from({ length: Math.min(150, bytes.length) }, (_, back) => bytes.length - 1 - back),
    ];
    const unseen = offsets.filter((at) => {
      const changed = Buffer.from(bytes);
      // Never flip a byte's highest bit: in a number's last byte it only makes the number longer, with the same value.
      changed.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 7)), at);
      return isWholeTable(changed) || isWholeTable(bytes.subarray(0, at));
    });
    expect(unseen, name).toEqual([]);
  }
  expect(packed).toBeGreaterThan(0);
  expect(isWholeTable(Buffer.alloc(0))).toBe(false);
  expect(isWholeTable(randomBytes(500))).toBe(false);
});
