/**
 * Writes server/accounts/common-password-filter.ts from a list of passwords, the most common first, one per line or as JSON:
 *
 *     npm pack @zxcvbn-ts/language-common && tar xf zxcvbn-ts-language-common-*.tgz
 *     npx tsx scripts/read-common-passwords.ts package/src/passwords.json
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { minPasswordGraphemes } from "../protocol/limits";
import { placesOf } from "../server/accounts/common-passwords";

const target = "server/accounts/common-password-filter.ts";
/** Longer passwords are mostly made of these. */
const commonest = 10_000;
/** The filter takes about one in ten thousand unlisted texts for a listed password. */
const bitsEach = 20;

const text = readFileSync(path.resolve(process.argv[2] ?? "passwords.json"), "utf8");
const all: string[] = text.startsWith("[") ? JSON.parse(text) : text.split(/\r?\n/);
const kept = all.filter((password, rank) => rank < commonest || password.length >= minPasswordGraphemes);
const passwords = new Set(
  kept.map((password) => password.toLowerCase()).filter((password) => password !== ""),
);

const filter = new Uint8Array(Math.ceil((passwords.size * bitsEach) / 8));
for (const password of passwords)
  for (const place of placesOf(password, filter.length))
    filter[place >> 3] = (filter[place >> 3] ?? 0) | (1 << (place & 7));

writeFileSync(
  target,
  `/**
 * A Bloom filter of ${passwords.size.toLocaleString("en")} common passwords, those of zxcvbn's list (MIT, © Dan Wheeler, Dropbox
 * and zxcvbn-ts): its first ${commonest.toLocaleString("en")}, and all that are long enough. Written by scripts/read-common-passwords.ts.
 */
export const commonPasswordFilter =
  "${Buffer.from(filter).toString("base64")}";
`,
);
process.stdout.write(`${target}: ${passwords.size} passwords in ${filter.length} bytes\n`);
