/** The order matters: a browser may also carry the signs of later ones. */
const browsers: [name: string, sign: RegExp][] = [
  ["Edge", /\bEdg(?:A|iOS)?\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Whale", /\bWhale\//],
  ["Opera", /\bOPR\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS)\//],
  ["Safari", /\bVersion\/\S+ .*Safari\//],
];
const systems: [name: string, sign: RegExp][] = [
  ["Android", /\bAndroid\b/],
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
];

/** A longer user agent costs time and adds nothing. */
const maxLength = 512;

/**
 * A name by which a visitor recognizes a device in a list: "Firefox, Windows". Built from our own words only; "" if
 * none fits.
 */
export function deviceName(userAgent = ""): string {
  const text = userAgent.slice(0, maxLength);
  const find = (names: [string, RegExp][]) => names.find(([, sign]) => sign.test(text))?.[0];
  return [find(browsers), find(systems)].filter((name) => name !== undefined).join(", ");
}
