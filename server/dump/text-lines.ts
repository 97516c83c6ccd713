import { StringDecoder } from "node:string_decoder";
import { UnreadableDump } from "./lines";

/** No line is as long: the longest has a room's unread numbers, or a crowd's ids. */
const longestLine = 16 * 1024 * 1024;

/** Editors put it before the first line. */
const byteOrderMark = /^\uFEFF/;

/** The lines of a stream of bytes, as an editor may have saved them. Throws UnreadableDump for one without an end in sight. */
export async function* textLines(stream: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let isFirst = true;
  for await (const piece of stream) {
    rest += decoder.write(piece);
    if (isFirst && rest !== "") {
      rest = rest.replace(byteOrderMark, "");
      isFirst = false;
    }
    const parts = rest.split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
    if (rest.length > longestLine) throw new UnreadableDump("it is longer than any line of an export");
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
