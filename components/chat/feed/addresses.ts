/**
 * Which part of a text is an address, and which belongs to the sentence around it:
 * docs/decisions/030-links-in-texts.md.
 */

/**
 * Source of the longest run that may be an address. It excludes quotes, brackets and stops outside of ASCII, and the
 * ASCII signs that a URL escapes. An apostrophe counts only before a letter or digit; `**`, `~~`, and a comma or
 * semicolon before the next address end the run.
 */
export const addressRun = String.raw`https?:\/\/(?:[!#$%&()+./:=?@\w[\]{}-]|'(?=[\w\p{Ll}])|\*(?!\*)|~(?!~)|[,;](?!https?:)|[^ -~\s\p{C}\p{P}＋＜-＞｜～]|[‐-–·・׳״\u200c\u200d]){1,2000}`;

/**
 * Characters that may follow a word without a space: letters without case (Hangul, kana, Han, Thai, …), small signs,
 * emoji, arrows.
 */
const unspaced = String.raw`\p{Lo}\p{Lm}\p{No}\p{So}←-⇿`;

/**
 * Matches the address up to where the sentence goes on: at an `unspaced` character right after an ASCII letter, digit
 * or closing bracket, and in a path after a stop as well. If a label, a part of the path, or the whole path begins with
 * such a character, the others in it belong to the address. A percent escape is a sign that they do not: the browser
 * would have escaped them too.
 */
const withoutSentence = new RegExp(
  [
    `^https?://(?:(?<=[/.])[${unspaced}][^./?#]*|(?<![a-z\\d)])[${unspaced}]|[^${unspaced}/?#,!;(])*`,
    `(?:/[${unspaced}][^%]*$`,
    `|(?:(?<=[/?#&=]\\(?)[${unspaced}][^/?#&=%]*|(?<![a-z\\d)][.,!;(]*)[${unspaced}]|[^${unspaced}])*)`,
  ].join(""),
  "iu",
);

/** The address up to the first closing bracket that it has not opened. */
function withinBrackets(address: string): string {
  let open = "";
  for (let index = 0; index < address.length; index += 1) {
    const sign = address.charAt(index);
    const bracket = "([{)]}".indexOf(sign);
    if (bracket >= 3 && !open.includes(sign)) return address.slice(0, index);
    if (bracket >= 3) open = open.replace(sign, "");
    else if (bracket >= 0) open += ")]}".charAt(bracket);
  }
  return address;
}

/**
 * The part of a run that is the address. `before` is the character in front of it: after `_`, a `_` at the end is
 * markup.
 */
export function addressIn(run: string, before: string | undefined): string {
  const [whole = ""] = withoutSentence.exec(withinBrackets(run)) ?? [];
  return whole.replace(before === "_" ? /[.,!?;:'*~·・([{_]+$/ : /[.,!?;:'*~·・([{]+$/, "");
}

/**
 * After the host: signs that a browser reads as a slash, as the end of a name and password, or as a change of text
 * direction.
 */
const misleading = /^[^\s/?#\p{L}\p{N}]*[\\@＠﹫\u202a\u202b\u202d\u202e\u2066-\u2068]/u;

/** A host name, with a dot if it is not ASCII, or an IPv6 address; with or without a port. */
const server = /^([\w.-]+|[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)+\.?|\[[\da-f:.]+\])(:\d+)?$/iu;

/**
 * Whether the address leads where it seems to lead. `run` is the run it was cut from, `rest` the text after that run.
 */
export function isHonest(address: string, run: string, rest: string): boolean {
  const [, , authority = "", ...path] = run.split(/[/?#]/);
  if (authority.includes("@") || (path.length === 0 && misleading.test(rest))) return false;
  return server.test(address.split(/[/?#]/)[2] ?? "") && URL.canParse(address);
}

/** A DNS label in one kind of letters: Latin, or those of Chinese, Japanese and Korean. */
const label = String.raw`(?:[\p{sc=Latin}\w-]*|[\p{sc=Han}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}ー\d-]*)`;
/** Labels of one kind each; or no ASCII letter at all, which another letter could imitate. */
const plainHost = new RegExp(`^(?:${label}(?:\\.${label})*(?::\\d+)?|[^a-z]*)$`, "iu");

/** The address as it is shown. A host that mixes scripts may look like another host, so it is shown in Punycode. */
export function shownAddress(address: string): string {
  const host = address.split(/[/?#]/)[2] ?? "";
  return plainHost.test(host) ? address : address.replace(host, new URL(address).host);
}
