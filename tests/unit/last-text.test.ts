import type { Entry } from "../../protocol/events";
import type { Broker } from "../../server/broker/broker";
import type { StoredEntry } from "../../server/broker/entry-json";
import type { Range } from "../../server/broker/feed";
import { lastText } from "../../server/direct/last-text";
import { expect, test } from "../support/plain-test";

const said = (seq: number, by: string, isWithheld = false): StoredEntry => ({
  ...{
    seq,
    at: seq,
    kind: "message",
    by: { id: by, name: by },
    text: `${by} ${seq}`,
    clientMessageId: `m-${seq}`,
  },
  ...(isWithheld && { withheldOf: by }),
});

/** A conversation with these entries. */
function conversation(entries: readonly Entry[]) {
  const [oldest, newest] = [entries[0]?.seq ?? 1, entries.at(-1)?.seq ?? 0];
  let reads = 0;
  const read = async (_: string, { after = 0, before = Number.POSITIVE_INFINITY, limit }: Range) => {
    reads += 1;
    const found = entries.filter(({ seq }) => seq > after && seq < before).slice(-limit);
    return { epoch: "e", first: oldest, head: newest, entries: found, isClosed: false };
  };
  const broker = { feed: { read } } as unknown as Pick<Broker, "feed">;
  const of = (reader: string) =>
    lastText(broker, { id: "direct-x", lastMessage: { epoch: "e", seq: newest } }, reader);
  return { of, reads: () => reads };
}

test("[O-4] behind any number of withheld messages the partner gets the text before them", async () => {
  for (const count of [1, 55, 1_000]) {
    const withheld = Array.from({ length: count }, (_, index) => said(index + 2, "ghost", true));
    const { of, reads } = conversation([said(1, "heron"), ...withheld]);
    expect(await of("heron"), `${count}`).toBe("heron 1");
    expect(reads()).toBeLessThan(10);
    expect(await of("ghost")).toBe(`ghost ${count + 1}`);
  }
});

test("[O-4] if all kept messages are withheld there is no text, and no further read", async () => {
  const { of, reads } = conversation([said(7, "ghost", true), said(8, "ghost", true)]);
  expect(await of("heron")).toBeUndefined();
  expect(reads()).toBe(2);
});
