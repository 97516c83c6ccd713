import { existsSync, readFileSync } from "node:fs";
import en from "../../components/words/en.json" with { type: "json" };
import ja from "../../components/words/ja.json" with { type: "json" };
import ko from "../../components/words/ko.json" with { type: "json" };
import { guardBounds, guardScores } from "../../server/moderation/guard-scores";
import { expect, test } from "../support/plain-test";

/** docs/owning.md names what stands on the screen, and has a table of these names in the other languages. */

const [guide = "", table = ""] = readFileSync("docs/owning.md", "utf8").split(
  "## The names in Korean and Japanese",
);
const named = [...new Set([...guide.matchAll(/\*\*(.+?)\*\*/gs)].map(([, name]) => name))];
const keysOf = (name: string | undefined) =>
  (Object.keys(en) as (keyof typeof en)[]).filter((key) => en[key] === name);

test("each name in bold letters in the owner's guide is one on the screen", () => {
  expect(named.filter((name) => keysOf(name).length === 0)).toEqual([]);
  expect(named.length, "the guide names buttons").toBeGreaterThan(40);
});

test("the owner's guide has each of its names as it is in Korean and Japanese", () => {
  const rows = [...table.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(([, ...names]) => names);
  const [, ...translated] = rows;
  expect(translated.map(([name]) => name)).toEqual(named);
  const wrong = translated.filter(
    ([name, korean, japanese]) => !keysOf(name).some((key) => ko[key] === korean && ja[key] === japanese),
  );
  expect(wrong).toEqual([]);
});

test("the guide's signs of the guard are named and counted as in the list of reports and in the guard", () => {
  const section = guide.split("| sign | points |")[1]?.split("\n\n")[0] ?? "";
  const signs = [...section.matchAll(/^\| (.+?) \| (\d+) \|$/gm)].map(([, sign, points]) => [
    sign,
    Number(points),
  ]);
  const known = Object.entries(guardScores).map(([sign, points]) => [
    (en as Record<string, unknown>)[`owner.sign.${sign}`],
    points,
  ]);
  expect(Object.fromEntries(signs)).toEqual(Object.fromEntries(known));
  expect(signs).toHaveLength(known.length);
  for (const [level, bound] of Object.entries(guardBounds))
    expect(guide.replace(/\s+/g, " ")).toMatch(
      new RegExp(`\`GUARD=${level}\`[^;\`]* from ${bound}(?: points)? on`),
    );
});

test("every picture of the guide exists, and says what it shows", () => {
  const pictures = [...guide.matchAll(/<img src="([^"]+)" width="\d+" alt="([^"]*)">/g)];
  expect(pictures.length).toBeGreaterThan(3);
  expect(guide.match(/<img/g)).toHaveLength(pictures.length);
  for (const [, file = "", shows = ""] of pictures) {
    expect(existsSync(`docs/${file}`), file).toBe(true);
    expect(shows, file).toMatch(/\w+ \w+/);
  }
});
