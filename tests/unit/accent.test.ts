import { readFileSync } from "node:fs";
import { accentOf, accentSheet } from "../../content/accent";
import { contrast, toHex, toOklch } from "../../content/colour";
import { expect, test } from "../support/plain-test";

const least = 4.5;
const theme = readFileSync("styles/theme.css", "utf8");
const token = (name: string): { light: string; dark: string } => {
  const [, light = "", dark = ""] =
    new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(theme) ?? [];
  return { light, dark };
};

/** Colours from the whole RGB cube, including its corners. */
const steps = [0, 51, 102, 153, 204, 255];
const colours = steps.flatMap((red) =>
  steps.flatMap((green) =>
    steps.map(
      (blue) => `#${[red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("")}`,
    ),
  ),
);
const accents = colours.map((colour) => ({ colour, ...accentOf(colour) }));

test("contrast is WCAG's, and a colour survives the way to OKLCH and back", () => {
  expect(contrast("#000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#fff")).toBeCloseTo(4.478, 2);
  expect(colours.map((colour) => toHex(toOklch(colour)))).toEqual(colours);
});

for (const name of ["light", "dark"] as const) {
  test(`letters in any accent, and on it, are readable in the ${name} theme`, () => {
    const grounds = [token("paper")[name], token("raised")[name]];
    const faults = accents.filter(({ [name]: { persimmon, onPersimmon, own } }) =>
      [...grounds, own, onPersimmon].some((ground) => contrast(persimmon, ground) < least),
    );
    expect(faults).toEqual([]);
  });

  test(`text on the visitor's own message is as readable as with the default accent, in the ${name} theme`, () => {
    for (const letters of ["ink", "faint", "pine", "alarm"].map((each) => token(each)[name])) {
      const usual = Math.min(least, contrast(letters, token("own")[name]));
      expect(accents.filter((accent) => contrast(letters, accent[name].own) < usual)).toEqual([]);
    }
  });
}

test("a readable accent stays as the owner chose it", () => {
  for (const colour of ["#ad400c", "#1d5fa8", "#2c6a4d", "#000000"])
    expect(accentOf(colour).light.persimmon).toBe(colour);
  expect(accentOf("#ffee00").dark.persimmon).toBe("#ffee00");
});

test("the sheet follows the system's theme and the reader's choice, and prints in light; without an accent it is empty", () => {
  const sheet = accentSheet("#1d5fa8");
  expect(sheet).toMatch(/^:root \{ --persimmon: #1d5fa8; /);
  expect(sheet).toContain(
    '@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {',
  );
  expect(sheet).toContain('@media screen { :root[data-theme="dark"] {');
  expect(accentSheet(undefined)).toBe("");
});
