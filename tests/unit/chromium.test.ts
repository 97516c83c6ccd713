import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { offForPlaywright } from "../support/chromium";
import { expect, test } from "../support/plain-test";

test("our list of disabled features includes Playwright's, because Chromium heeds only the last list", () => {
  const bundle = createRequire(import.meta.url).resolve("playwright-core/lib/coreBundle");
  const [, list = ""] = /\bdisabledFeatures = \[(.*?)\]/s.exec(readFileSync(bundle, "utf8")) ?? [];
  const features = [...list.matchAll(/^\s*"(\w+)"/gm)].map(([, name]) => name);
  expect(features.length).toBeGreaterThan(10);
  expect([...offForPlaywright].sort()).toEqual(features.sort());
});
