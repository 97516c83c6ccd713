import { nanoid } from "nanoid";
import { createTints } from "../../components/chat/members/tint";
import { expect, test } from "../support/plain-test";

const visitors = (count: number): string[] => Array.from({ length: count }, () => nanoid(16));
const room = (ids: readonly string[]) => new Map(ids.map((id) => [id, id]));

test("the tints of up to sixteen visitors who are present all differ", () => {
  for (let round = 0; round < 50; round += 1) {
    const tints = createTints();
    const ids = visitors(16);
    // They join one after another, between messages of visitors that have left.
    for (let count = 1; count <= ids.length; count += 1) {
      tints.seat(room(ids.slice(0, count)));
      if (count % 4 === 0) for (const gone of visitors(3)) tints.tintOf(gone);
    }
    const chosen = ids.map(tints.tintOf);
    expect(new Set(chosen).size, chosen.join()).toBe(16);
    expect(chosen.every((tint) => tint >= 0 && tint < 16)).toBe(true);
  }
});

test("a visitor keeps its tint while others join and leave", () => {
  const tints = createTints();
  const [first = "", ...others] = visitors(40);
  tints.seat(room([first]));
  const chosen = tints.tintOf(first);
  for (let count = 1; count <= others.length; count += 1)
    tints.seat(room([first, ...others.slice(0, count)]));
  tints.seat(room(others));
  expect(tints.tintOf(first)).toBe(chosen);
});

test("two readers of one room see the same colours", () => {
  const ids = visitors(12);
  const [one, two] = [createTints(), createTints()];
  one.seat(room(ids));
  two.seat(room([...ids].reverse()));
  expect(ids.map(one.tintOf)).toEqual(ids.map(two.tintOf));
});

test("a returning visitor gets the colour of its older messages, and a new one gets another", () => {
  const tints = createTints();
  const [author = "", reader = "", ...newcomers] = visitors(16);
  tints.seat(room([reader]));
  const shown = tints.tintOf(author);
  expect(shown).not.toBe(tints.tintOf(reader));
  tints.seat(room([reader, author]));
  tints.seat(room([reader, author, ...newcomers]));
  expect(tints.tintOf(author)).toBe(shown);
  expect(new Set([reader, author, ...newcomers].map(tints.tintOf)).size).toBe(16);
});
