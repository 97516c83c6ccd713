import { LevelRows } from "../../server/journal/level/level-rows";
import { expect, test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";

test.afterEach(closeJournals);

const names = ["a", "野", "\uffff", "\u{1F389} party", "\u{20BB7}野", "\u{10FFFF}"];

test("reading a prefix returns exactly the rows whose keys begin with it, in any script", async () => {
  const folder = await makeFolder("rows");
  const journal = await openJournal(folder);
  for (const prefix of ["f:titles\n", "f:title\n", "f:titles:\n", "g:"])
    for (const name of names) journal.put(prefix + name, name);
  await journal.kept();
  await closeJournals();
  const rows = await LevelRows.openToRead(folder);
  const found: string[] = [];
  for await (const [, name] of rows.rows("f:titles\n")) found.push(name);
  await rows.close();
  expect(found).toEqual(names);
});

test("a start reads all rows except those of entries, in any script", async () => {
  const folder = await makeFolder("rows");
  const journal = await openJournal(folder);
  for (const prefix of ["d:", "e:", "f:"]) for (const name of names) journal.put(prefix + name, name);
  await journal.kept();
  await closeJournals();
  const next = await openJournal(folder);
  for (const prefix of ["d:", "f:"]) expect(next.takeRows(prefix).map(([, name]) => name)).toEqual(names);
  expect(next.takeRows("e:")).toEqual([]);
});
