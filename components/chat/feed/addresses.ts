/**
 * Which part of a text is an address, and which belongs to the sentence around it: docs/decisions/030-where-an-address-ends.md.
 */

/**
 * Source of the longest run that may be an address. No quotes, brackets and stops of any script but ASCII's; of ASCII's
 * signs none that a URL escapes. An apostrophe stands between letters; `**`, `~~`, and a comma before the next address end it.
 */
export const addressRun = String.raw`https?:\/\/(?:[!#$%&()+./:=?@\w[\]{}-]|'(?=[\w\p{Ll}])|\*(?!\*)|~(?!~)|[,;](?!https?:)|[^ -~\s\p{C}\p{P}＋＜-＞｜～]|[‐-–·・׳״\u200c\u200d]){1,2000}`;

/** What follows a word without a space: letters without case (Hangul, kana, Han, Thai, …), small signs, emoji, arrows. */
const unspaced = String.raw`\p{Lo}\p{Lm}\p{No}\p{So}←-⇿`;

/**
 * The address up to where a sentence goes on: at an `unspaced` character straight behind an ASCII letter, digit or closing
 * bracket, and in a path behind a stop as well. Where a label, a part of the path, or the path as a whole begins with such
 * a character, the others in it belong to it. Escapes tell that the browser would have escaped them too.
 */
const withoutSentence = new RegExp(
  [
    `^https?://(?:(?<=[/.])[${unspaced}][^./?#]*|(?<![a-z\\d)])[${unspaced}]|[^${unspaced}/?#,!;(])*`,
    `(?:/[${unspaced}][^%]*$`,
    `|(?:(?<=[/?#&=]\\(?)[${unspaced}][^/?#&=%]*|(?<![a-z\\d)][.,!;(]*)[${unspaced}]|[^${unspaced}])*)`,
  ].join(""),
  "iu",
);

/** Up to the first closing bracket that nothing in the address has opened. */
function withinBrackets(address: string): string {
  let open = "";
  for (let index = 0; index < address.length; index += 1) {
    const sign = address.charAt(index);
    const place = "([{)]}".indexOf(sign);
    if (place >= 3 && !open.includes(sign)) return address.slice(0, index);
    if (place >= 3) open = open.replace(sign, "");
    else if (place >= 0) open += ")]}".charAt(place);
  }
  return address;
}

/** The part of a run that is the address. `before` is the character in front of it: `_` marks both ends. */
export function addressIn(run: string, before: string | undefined): string {
  const [whole = ""] = withoutSentence.exec(withinBrackets(run)) ?? [];
  return whole.replace(before === "_" ? /[.,!?;:'*~·・([{_]+$/ : /[.,!?;:'*~·・([{]+$/, "");
}

/** Behind a server's name: what a browser reads as a slash, as the end of a name and password, or as a turn of direction. */
const misleading = /^[^\s/?#\p{L}\p{N}]*[\\@＠﹫\u202a\u202b\u202d\u202e\u2066-\u2068]/u;

/** A name, which has a point when it is not ASCII, or an address of IPv6; with or without a port. */
const server = /^([\w.-]+|[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)+\.?|\[[\da-f:.]+\])(:\d+)?$/iu;

/** Whether the address leads where it reads as leading. `run` is what it was cut from, `rest` the text behind that. */
export function isHonest(address: string, run: string, rest: string): boolean {
  const [, , authority = "", ...path] = run.split(/[/?#]/);
  if (authority.includes("@") || (path.length === 0 && misleading.test(rest))) return false;
  return server.test(address.split(/[/?#]/)[2] ?? "") && URL.canParse(address);
}

/** A label of one kind of letters: Latin, or those of Chinese, Japanese and Korean. */
const label = String.raw`(?:[\p{sc=Latin}\w-]*|[\p{sc=Han}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}ー\d-]*)`;
/** Labels of one kind each; or no Latin letter anywhere that another one could be taken for. */
const plainHost = new RegExp(`^(?:${label}(?:\\.${label})*(?::\\d+)?|[^a-z]*)$`, "iu");

/** As the address is shown: a host whose letters mix, and may look like another host's, in the letters of DNS. */
export function shownAddress(address: string): string {
  const host = address.split(/[/?#]/)[2] ?? "";
  return plainHost.test(host) ? address : address.replace(host, new URL(address).host);
}
