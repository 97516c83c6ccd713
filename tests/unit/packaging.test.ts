import { readConfig } from "../../server/config";
import { assignments, read, settings } from "../support/packaging";
import { expect, test } from "../support/plain-test";

test.describe("settings", () => {
  const example = assignments(read(".env.example"), "#?");

  test("the table of docs/operations.md, .env.example and the server name the same settings, with the same defaults", () => {
    const table = read("docs/operations.md").matchAll(/^\| `([A-Z_]+)` \|(.*?)\|/gm);
    const documented = [...table].map(([, name, value = ""]) => [name, value.replaceAll("`", "").trim()]);
    expect(documented.map(([name]) => name).sort()).toEqual(settings);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(example));
  });

  test("the values in .env.example are the server's defaults", () => {
    const shown = readConfig({ ...Object.fromEntries(example), NODE_ENV: "test" });
    const without = readConfig({ NODE_ENV: "test" });
    if (!shown.ok || !without.ok) throw new Error("the defaults are refused");
    const { sessionKeys: _, ...same } = without.config;
    expect(shown.config).toMatchObject(same);
    expect([...assignments(read(".env.example")).keys()], "copying it changes nothing").toEqual([]);
  });

  test("docs/operations.md explains each metric", () => {
    const names = [...read("server/metrics.ts").matchAll(/name: "(madang_\w+)"/g)].map(([, name]) => name);
    const table = [...read("docs/operations.md").matchAll(/^\| `(madang_\w+)` \|/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(table.sort()).toEqual(names.sort());
  });
});
