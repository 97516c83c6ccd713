import { createHash } from "node:crypto";
import { minPasswordGraphemes } from "../../protocol/limits";
import { commonPasswordFilter } from "./common-password-filter";

/** How many bits of the filter stand for one password. */
const bitsPerPassword = 14;

/**
 * The bits that stand for a password in a filter of `bytes` bytes: two halves of a digest, the second added repeatedly.
 */
export function placesOf(password: string, bytes: number): number[] {
  const digest = createHash("sha256").update(password).digest();
  const [start, step] = [digest.readUInt32LE(0), digest.readUInt32LE(4) | 1];
  return Array.from({ length: bitsPerPassword }, (_, index) => (start + index * step) % (bytes * 8));
}

const filter = Buffer.from(commonPasswordFilter, "base64");

const isListed = (text: string): boolean =>
  placesOf(text, filter.length).every((place) => ((filter[place >> 3] ?? 0) & (1 << (place & 7))) !== 0);

/** The list has shorter passwords too, but as a part of another one they mean nothing. */
const leastCore = 4;

const isCommonCore = (core: string): boolean => core.length >= leastCore && isListed(core);

const rows = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const reversed = (text: string): string => Array.from(text).reverse().join("");
const runs = rows.flatMap((row) => [row.repeat(3), reversed(row).repeat(3)]);

/** The shortest text that gives this one when repeated. */
function unitOf(text: string): string {
  const length = (text + text).indexOf(text, 1);
  return text.slice(0, length);
}

const letterOf: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};
const respelt = (text: string): string => text.replace(/[013457@$]/g, (sign) => letterOf[sign] ?? sign);

/** Without the digits and signs added before and after a word. */
const trimmed = (text: string): string => text.replace(/^[^\p{L}@$]+|[^\p{L}]+$/gu, "");

/**
 * Whether an attacker would try this password early: it is a common one, also with signs for letters, padded or
 * repeated; a run of keys; one letter repeated; or little more than a known word, such as its owner's handle.
 */
export function isCommonPassword(password: string, known: readonly string[]): boolean {
  const text = password.toLowerCase();
  const unit = unitOf(text);
  const core = trimmed(text);
  const cores = [text, unit, core, unitOf(core), respelt(core), reversed(core)];
  const isOfKnown = known.some((word) => {
    const rest = Array.from(text.replaceAll(word.toLowerCase(), ""));
    return rest.length < minPasswordGraphemes && rest.length < Array.from(text).length;
  });
  return (
    isOfKnown || unit.length < leastCore || runs.some((run) => run.includes(unit)) || cores.some(isCommonCore)
  );
}
