/** In this order: what comes later also calls itself by the names before it. */
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

/** More of it tells nothing, and costs. */
const maxLength = 512;

/** By what somebody knows a device again in a list: "Firefox, Windows". Words of ours only; "" when there is none. */
export function deviceName(userAgent = ""): string {
  const text = userAgent.slice(0, maxLength);
  const find = (names: [string, RegExp][]) => names.find(([, sign]) => sign.test(text))?.[0];
  return [find(browsers), find(systems)].filter((name) => name !== undefined).join(", ");
}
