import type { Entry, MessageEntry } from "../../protocol/events";
import { exportRow } from "../../server/gateway/export-page";
import { entriesFor } from "../../server/moderation/entry-view";
import { expect, test } from "../support/plain-test";

const message: MessageEntry = {
  ...{ seq: 1, at: 0, kind: "message", by: { id: "a", name: "Otter" } },
  ...{ text: "<harmless>", clientMessageId: "client-message-1" },
};
const stored = [
  { ...message, withheldOf: "a" },
  { seq: 2, at: 60_000, kind: "published", message },
] as Entry[];
const rowsFor = (reader: { visitor: string; isStaff: boolean }) =>
  entriesFor(stored, reader).map((entry) => exportRow(entry));

test("[O-10] an exported page has a published message where all read it, and marks the withheld one for the owner", () => {
  const published = '<dt id="m2"><time datetime="1970-01-01T00:01:00.000Z">1970-01-01T00:01:00.000Z</time>';
  const said = '<b dir="auto">Otter</b><dd dir="auto">&lt;harmless&gt;\n';
  expect(rowsFor({ visitor: "maker", isStaff: false })).toEqual(["", `${published} ${said}`]);
  const [withheld, copy] = rowsFor({ visitor: "owner", isStaff: true });
  expect(withheld).toContain('<dd dir="auto"><i>withheld</i> &lt;harmless&gt;');
  expect(copy).toBe(`${published} ${said}`);
  const own = rowsFor({ visitor: "a", isStaff: false });
  expect(own[0]).toContain(said);
  expect(own[0]).not.toContain("withheld");
  expect(own[1]).toBe("");
});
