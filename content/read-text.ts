import { readFileSync } from "node:fs";
import { hasForbiddenControls } from "../protocol/text";
import { SiteError } from "./faults";

/**
 * A text of the owner's, with `\n` at the end of each line and without a byte order mark. Throws a SiteError for a file that
 * is no text in UTF-8, with the first line that is none: read all the same, it would be published with broken letters.
 */
export function readText(file: string): string {
  const bytes = readBytes(file);
  const fault = (line: number, says: string) => new SiteError([{ file, line, says }]);
  if (isUtf16(bytes)) throw fault(1, "this file is in UTF-16: save it as UTF-8");
  const lines = linesOf(bytes).map((line, index) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: index > 0 }).decode(line);
    } catch {
      throw fault(index + 1, "this line is not in UTF-8: save the file as UTF-8");
    }
  });
  // Old Macs end lines with `\r` alone.
  const text = lines.join("\n").replace(/\r\n?/g, "\n");
  const broken = text.split("\n").findIndex(hasForbiddenControls);
  if (broken >= 0)
    throw fault(broken + 1, "this line has a control character, which no letter is: write the line again");
  return text;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new SiteError([{ file, says: reasonOf(error) }]);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EISDIR") return "this is a folder; a file is meant";
  if (code === "EACCES" || code === "EPERM") return "the program has no permission to read this file";
  return `this file cannot be read (${String(code ?? error)})`;
}

/** By its mark, or by a zero byte beside each of the first letters: a head and JSON begin with signs of ASCII. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) ||
  (first === 0xfe && second === 0xff) ||
  (first !== undefined && second !== undefined && (first === 0) !== (second === 0));

/** No letter of UTF-8 has the byte of a line's end inside. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}
