import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { shownPath } from "./folder";
import { unmeantIn, unreadableIn } from "./unclear-yaml";

/** One mistake of the owner's. `line` counts from 1; a mistake of a whole file or folder has none. */
export type Fault = { file: string; line?: number; says: string };

/** Its message is a line for each mistake, as `site/site.json:3: name.ko is missing`. */
export class SiteError extends Error {
  override name = "SiteError";

  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(sentenceOf).join("\n"));
    // The owner wrote these files, not the code: a stack would hide the sentence.
    this.stack = this.message;
  }
}

const sentenceOf = ({ file, line, says }: Fault): string =>
  `${shownPath(file)}:${line === undefined ? "" : `${line}:`} ${says}`;

type Path = readonly PropertyKey[];

/** YAML, or JSON, which is YAML as well; `firstLine` is the line of the file with which the text begins. */
export type Source = { file: string; text: string; firstLine?: number };

/** Reads a text with a schema. Throws a SiteError that names the line of each mistake. */
export function readFields<Schema extends z.ZodType>(source: Source, schema: Schema): z.output<Schema> {
  const { file, text, firstLine = 1 } = source;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1;
  const unreadable = unreadableIn(document, text);
  const unclear = unreadable ? [unreadable] : unmeantIn(document, text);
  if (unclear.length > 0)
    throw new SiteError(unclear.map(({ offset, says }) => ({ file, line: lineAt(offset), says })));
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const lineOf = (path: Path): number => lineAt(offsetOf(document.contents, path));
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, lineOf));
  throw new SiteError(
    faults.sort((one, other) => one.line - other.line).map((fault) => ({ file, ...fault })),
  );
}

function faultsOf(issue: z.core.$ZodIssue, lineOf: (path: Path) => number): { line: number; says: string }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { line: lineOf(path), says: `${nameOf(path)} is no field of this file` };
    });
  return [{ line: lineOf(issue.path), says: `${nameOf(issue.path)} ${issue.message}`.trim() }];
}

/** `links[0].href`. */
const nameOf = (path: Path): string => (path.length === 0 ? "this text" : fieldOf(path));

const fieldOf = (path: Path): string =>
  path.reduce<string>(
    (name, part) => (typeof part === "number" ? `${name}[${part}]` : `${name}${name && "."}${String(part)}`),
    "",
  );

/** Where the field begins, or the innermost of those around it that exist. */
function offsetOf(root: Node | null, path: Path): number {
  let at: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const inside = isMap(at) ? at.items.find(({ key }) => isScalar(key) && key.value === part) : undefined;
    const next = isPair(inside) ? inside.value : isSeq(at) ? at.items[Number(part)] : undefined;
    if (inside && isNode(inside.key)) offset = inside.key.range?.[0] ?? offset;
    else if (isNode(next)) offset = next.range?.[0] ?? offset;
    if (!isNode(next)) return offset;
    at = next;
  }
  return offset;
}
