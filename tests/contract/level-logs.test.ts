import { cpSync } from "node:fs";
import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { logState } from "../../server/journal/level/log-state";
import { expect, test } from "../support/fixtures";
import { makeFolder } from "../support/temporary-folder";

/** Rows in the order of their writing; some are longer than a block of the log. */
const rows = Array.from({ length: 60 }, (_, number) => ({
  key: String(number).padStart(3, "0"),
  text: String(number).repeat(number % 20 === 7 ? 30_000 : 10 + 5 * number),
}));

/** A closed LevelDB with all its rows in the log. */
async function written() {
  const folder = await makeFolder("log");
  const file = new ClassicLevel(folder);
  for (const { key, text } of rows) await file.put(key, text);
  await file.close();
  const name = (await readdir(folder)).find((each) => each.endsWith(".log")) ?? "";
  const log = path.join(folder, name);
  return { folder, log, name, bytes: await readFile(log) };
}

async function keysIn(folder: string): Promise<string[]> {
  const file = new ClassicLevel(folder);
  const keys = await file.keys().all();
  await file.close();
  return keys;
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  return changed;
};

/** Offsets all over the log, including the edges of its blocks. */
const offsetsIn = ({ length }: Buffer): number[] => [
  ...Array.from({ length: 150 }, (_, step) => Math.floor((step * length) / 150)),
  ...[32_761, 32_767, 32_768, 32_769, 65_536].filter((at) => at < length),
];

test("[F-0] a log that is cut off anywhere counts as cut or as whole, never as damaged", async () => {
  const { bytes } = await written();
  expect(logState(bytes)).toEqual({ is: "whole" });
  expect(bytes.length).toBeGreaterThan(2 * 32_768);
  const states = offsetsIn(bytes).map((length) => logState(bytes.subarray(0, length)).is);
  expect(states).toContain("cut");
  expect(states).not.toContain("damaged");
});

test("[F-0] an end of zeros or of other bytes, as after a power cut, counts as cut", async () => {
  const { bytes } = await written();
  for (const length of [1_000, 40_000, bytes.length])
    for (const end of [Buffer.alloc(50_000), Buffer.alloc(50_000, "torn\u0001")])
      expect(logState(Buffer.concat([bytes.subarray(0, length), end])).is).toBe("cut");
});

test("[F-1] a log with a changed byte counts as damaged at that byte, or as cut if it is in the last row", async () => {
  const { bytes } = await written();
  const lastRow = bytes.length - 7 - 12 - (rows.at(-1)?.text.length ?? 0) - 8;
  for (const at of offsetsIn(bytes)) {
    // LevelDB does not read the bytes at a block's end that have no room for a header.
    if (bytes.subarray(at, at + 1).readUInt8() === 0 && (at % 32_768) + 7 > 32_768) continue;
    const state = logState(flipped(bytes, at));
    expect(state, `byte ${at}`).toMatchObject({ is: at < lastRow ? "damaged" : "cut" });
    expect("at" in state && state.at <= at && at - state.at <= 32_768, `byte ${at}`).toBe(true);
  }
});

test("[F-1] when the log is cut off within the damaged record, LevelDB has all rows before it and none after it", async () => {
  const { folder, name, bytes } = await written();
  for (const at of [500, 20_000, 45_000, 70_000, bytes.length - 2_000]) {
    const state = logState(flipped(bytes, at));
    if (state.is !== "damaged") throw new Error(`byte ${at} made it ${state.is}`);
    const copy = path.join(await makeFolder("cut"), "store");
    cpSync(folder, copy, { recursive: true });
    await writeFile(path.join(copy, name), flipped(bytes, at));
    await truncate(path.join(copy, name), state.at + 1);
    expect(logState(await readFile(path.join(copy, name))).is, "the store recognizes the cut").toBe("cut");
    const keys = await keysIn(copy);
    expect(keys).toEqual(rows.slice(0, keys.length).map(({ key }) => key));
    expect(keys.length).toBeGreaterThan(at / 3_000);
  }
});
