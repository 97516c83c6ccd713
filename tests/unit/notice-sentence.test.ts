import { rowsOf } from "../../components/chat/feed/feed-rows";
import { sentenceOf } from "../../components/chat/feed/notice-sentence";
import { noneHidden } from "../../components/chat/members/hidden-visitors";
import { expect, test } from "../support/plain-test";

const otter = { id: "v-otter", name: "Brave Otter" };
const heron = { id: "v-heron", name: "Calm Heron" };
const at = 1_700_000_000_000;

test("notices about the visitor itself are in the second person, those about others in the third", () => {
  for (const kind of ["join", "leave", "closed"] as const) {
    expect(sentenceOf({ seq: 1, at, kind, by: otter }, otter.id)).toBe(`notice.own.${kind}`);
    expect(sentenceOf({ seq: 1, at, kind, by: heron }, otter.id)).toBe(`notice.${kind}`);
  }
  const rename = { seq: 1, at, kind: "rename", by: otter, was: "Old Otter" } as const;
  expect(sentenceOf(rename, otter.id)).toBe("notice.own.rename");
  expect(sentenceOf(rename, heron.id)).toBe("notice.rename");
  expect(sentenceOf({ ...rename, was: "–" }, heron.id)).toBe("notice.renamed");
  expect(sentenceOf(rename, undefined), "before the visitor is in the room").toBe("notice.rename");
});

test("a row of notices knows the page's visitor, because the notices may be about it", () => {
  const rows = rowsOf([{ seq: 1, at, kind: "join", by: otter }], [], { self: otter.id, hidden: noneHidden });
  expect(rows.find(({ kind }) => kind === "notices")).toMatchObject({ self: otter.id });
});
