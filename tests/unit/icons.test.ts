import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "../support/plain-test";

/** The icons that a component names: `<Icon name="a">`, `<Icon name={is ? "a" : "b"}>`, and the same as `icon=`. */
const namesIn = (source: string): string[] => [
  ...[...source.matchAll(/(?:<Icon name|\bicon)=\{([^}]+)\}/g)].flatMap(([, choice = ""]) =>
    [...choice.matchAll(/[?:] "(\w+)"/g)].map(([, name = ""]) => name),
  ),
  ...[...source.matchAll(/(?:<Icon name=|\bicon ?= ?)"(\w+)"/g)].map(([, name = ""]) => name),
];

test("every icon that a component names is drawn once in icons.svg, and nothing else is", () => {
  const components = readdirSync("components", { recursive: true, encoding: "utf8" });
  const named = components
    .filter((file) => file.endsWith(".tsx"))
    .flatMap((file) => namesIn(readFileSync(`components/${file}`, "utf8")));
  const svg = readFileSync("components/ui/icons.svg", "utf8");
  const drawn = [...svg.matchAll(/<symbol id="(\w+)"/g)].map(([, id]) => id);
  expect(drawn.sort()).toEqual([...new Set(named)].sort());
  expect(namesIn('<Icon name={is ? "a" : "b"} /> <Icon name="c" /> icon="d" icon={is ? "e" : "f"}')).toEqual([
    "a",
    "b",
    "e",
    "f",
    "c",
    "d",
  ]);
});
