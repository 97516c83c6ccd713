import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { settingNames } from "../../server/settings";

export const read = (file: string): string => readFileSync(file, "utf8");
/** The file without its comment lines. */
export const plain = (file: string): string => read(file).replace(/^[ \t]*#.*\n/gm, "");

/** The settings that operators use; NODE_ENV belongs to the tools. */
export const settings = settingNames.filter((name) => name !== "NODE_ENV").sort();

/** NAME=value lines; `prefix` is a pattern for the text before the name, such as a comment sign. */
export function assignments(text: string, prefix = ""): Map<string, string> {
  const found = text.matchAll(new RegExp(`^${prefix}([A-Z][A-Z_]*)=(.*)$`, "gm"));
  return new Map([...found].map(([, name = "", value = ""]) => [name, value]));
}

/**
 * The content of a YAML file under the first key of that name, then under the next key inside it: the rest of that line
 * and all deeper lines.
 */
export function under(yaml: string, ...keys: string[]): string {
  return keys.reduce((text, key) => {
    const lines = text.split("\n");
    const start = lines.findIndex((line) => line.trim().replace(/^- /, "").startsWith(`${key}:`));
    const indentOf = (line: string) => line.search(/\S|$/);
    const first = lines[start];
    if (first === undefined) throw new Error(`there is no ${key} (of ${keys.join(" > ")})`);
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => line.trim() !== "" && indentOf(line) <= indentOf(first));
    return [
      first.slice(first.indexOf(`${key}:`) + key.length + 1).trim(),
      ...rest.slice(0, end < 0 ? undefined : end),
    ].join("\n");
  }, yaml);
}

/** Reads a constant of the code that the packaging must allow for. */
export function constantIn(file: string, name: string): number {
  const value = read(file).match(new RegExp(`\\b${name} = ([\\d_]+)`))?.[1];
  if (value === undefined) throw new Error(`${file} has no ${name} any more: where did it go?`);
  return Number(value.replaceAll("_", ""));
}

/** Reads `512m` or `1g`, compose's sizes, and Redis's `512mb`. */
export function bytesOf(size: string): number {
  const [, count, unit = ""] = size.match(/^(\d+)([kmg])b?$/) ?? [];
  if (count === undefined) throw new Error(`this is no size: ${size}`);
  return Number(count) * 1024 ** ("kmg".indexOf(unit) + 1);
}

/** An image named by its patch release, with or without its digest. */
export const pinnedImage = /^[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

export const closeMs = () => constantIn("server/lib/shutdown.ts", "closeAllowanceMs");

/** 7.4.6 and so on: the first release of each line without the script vulnerabilities of 2025. */
const firstPatchedRedis: Record<string, number> = { "7.2": 11, "7.4": 6, "8.0": 4, "8.2": 2 };

export function expectPatchedRedis(yaml: string): void {
  const [, line = "", patch] = yaml.match(/image: redis:(\d+\.\d+)\.(\d+)/) ?? [];
  expect(Number(patch), `redis ${line}`).toBeGreaterThanOrEqual(
    firstPatchedRedis[line] ?? Number.POSITIVE_INFINITY,
  );
}
