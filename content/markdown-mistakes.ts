import { readAsImport, readAsProgram } from "./check-markup";

type Mistake = { line?: number; reason: string };

/** What MDX throws for a text that it cannot read. */
export const isMistake = (error: unknown): error is Mistake =>
  error instanceof Error && "reason" in error && "line" in error;

/** A tag that is never closed has no place but in the sentence: `(10:1-10:11)`. */
export const lineOf = ({ line, reason }: Mistake): number =>
  line ?? Number(/\((\d+):\d+-/.exec(reason)?.[1] ?? 1);

/** MDX speaks to programmers. The first that fits. */
const sentences: readonly (readonly [reason: RegExp, says: string])[] = [
  [/import\/exports/, readAsImport],
  [/end of file in expression/, "a brace that is open before this line is never closed: write \\{ for {"],
  [/acorn|in expression/, readAsProgram],
  [
    /^Expected a closing tag for `(<[^`]*>)`/,
    "$1 is never closed: an element with nothing inside ends with />, and \\< is written for <",
  ],
  [/create a comment/, "a remark is written {/* so */}, and \\< for <"],
  [/create a link/, "a link is written [words](https://example.org), and \\< for <"],
  [/^Unexpected/, "here an element of HTML is begun or closed wrongly: write \\< for <"],
];

/** A sentence for the owner about what MDX said. */
export function sentenceOf({ reason }: Mistake): string {
  const [pattern, says] = sentences.find(([each]) => each.test(reason)) ?? [];
  const [, element = ""] = pattern?.exec(reason) ?? [];
  return says?.replace("$1", element) ?? reason;
}
