import { readFileSync } from "node:fs";
import { contrast, toHex, toOklch } from "./colour";

/** WCAG 2.2 AA for letters of any size. */
const leastContrast = 4.5;
const step = 0.005;

/** What the accent changes in one theme. */
type Accent = { persimmon: string; onPersimmon: string; own: string };

/**
 * The accent in both themes: the owner's hue and colourfulness, darkened or lightened until letters in it are readable on
 * each ground, and letters on it too.
 */
export function accentOf(colour: string): { light: Accent; dark: Accent } {
  const { lightness, chroma, hue } = toOklch(colour);
  const { light, dark } = readGrounds();
  const own = {
    light: toHex({ lightness: 0.925, chroma: Math.min(chroma, 0.035), hue }),
    dark: toHex({ lightness: 0.305, chroma: Math.min(chroma, 0.05), hue }),
  };
  const readable = (start: number, by: number, grounds: readonly string[]): string => {
    for (let at = start; at >= 0 && at <= 1; at += by) {
      const found = toHex({ lightness: at, chroma, hue });
      if (grounds.every((ground) => contrast(found, ground) >= leastContrast)) return found;
    }
    return by > 0 ? "#ffffff" : "#000000";
  };
  // Brighter than needed: in the dark a saturated colour at the limit looks dull.
  const leastLightness = 0.75;
  return {
    light: {
      persimmon: readable(lightness, -step, [...light, own.light]),
      onPersimmon: light[1] ?? "#ffffff",
      own: own.light,
    },
    dark: {
      persimmon: readable(Math.max(lightness, leastLightness), step, [...dark, own.dark]),
      onPersimmon: toHex({ lightness: 0.2, chroma: Math.min(chroma, 0.04), hue }),
      own: own.dark,
    },
  };
}

/** The colours of styles/theme.css behind letters, by theme: the paper, and the surfaces on it. */
function readGrounds(): { light: string[]; dark: string[] } {
  const theme = readFileSync("styles/theme.css", "utf8");
  const pairs = ["paper", "raised"].map((name) => {
    const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\);`).exec(theme) ?? [];
    if (light === undefined || dark === undefined) throw new Error(`styles/theme.css has no --${name}`);
    return { light, dark };
  });
  return { light: pairs.map(({ light }) => light), dark: pairs.map(({ dark }) => dark) };
}

/**
 * The style sheet that puts the owner's accent in the place of the default one, for browsers without `light-dark()` too.
 * Empty without an accent.
 */
export function accentSheet(colour: string | undefined): string {
  if (colour === undefined) return "";
  const { light, dark } = accentOf(colour);
  const rule = ({ persimmon, onPersimmon, own }: Accent) =>
    `{ --persimmon: ${persimmon}; --on-persimmon: ${onPersimmon}; --own: ${own}; }`;
  return `:root ${rule(light)}
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) ${rule(dark)} }
@media screen { :root[data-theme="dark"] ${rule(dark)} }
`;
}
