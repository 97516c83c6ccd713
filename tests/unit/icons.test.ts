import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { iconNames } from "../../components/ui/icon-names";

test("every icon is drawn once in icons.svg, and nothing else is", () => {
  const drawn = [...readFileSync("components/ui/icons.svg", "utf8").matchAll(/<symbol id="(\w+)"/g)].map(
    ([, id]) => id,
  );
  expect(drawn.sort()).toEqual([...iconNames].sort());
});
