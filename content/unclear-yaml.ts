import { type Document, isNode, isScalar, type Node, Scalar, visit, type YAMLParseError } from "yaml";

/** A mistake at a place of the text, counted in characters. */
type Mistake = { offset: number; says: string };

const missing = "a comma, a quotation mark or a bracket is missing here or on the line before";

const reasons: Partial<Record<YAMLParseError["code"], string>> = {
  BAD_DQ_ESCAPE: "a backslash is written twice within quotation marks: \\\\",
  BAD_INDENT: "a bracket is missing here or on the line before, or this line needs more spaces before it",
  BAD_SCALAR_START: "a text that begins with this character needs quotation marks",
  BLOCK_AS_IMPLICIT_KEY: "a text with a colon needs quotation marks",
  BLOCK_IN_FLOW: missing,
  DUPLICATE_KEY: "this field is there twice",
  MISSING_CHAR: missing,
  MULTILINE_IMPLICIT_KEY:
    "a quotation mark is missing here or on the line before, or a colon and a space behind a field’s name",
  MULTIPLE_DOCS: "a line --- or ... is one too many here",
  TAB_AS_INDENT: "indent with spaces instead of tabs",
  UNEXPECTED_TOKEN:
    "this does not belong here: a bracket is one too many, or a text needs quotation marks around the whole of it",
};

const remarkReason = "a remark begins with # in this file";

/** The first mistake that leaves the text unreadable: the others are its consequences. */
export function unreadableIn(document: Document, text: string): Mistake | undefined {
  const [broken] = document.errors;
  if (broken === undefined) return undefined;
  const remark = /^[ \t]*\/[/*]/m.exec(text);
  if (remark) return { offset: remark.index, says: remarkReason };
  // An open quotation takes all that follows, so the parser stops far from the line to mend.
  if (/^Missing closing ['"]/.test(broken.message))
    return { offset: lastQuotation(document) ?? broken.pos[0], says: "a quotation mark is missing" };
  const says = reasons[broken.code] ?? `this cannot be read (${broken.message})`;
  return { offset: broken.pos[0], says };
}

function lastQuotation(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE) offset = range?.[0];
    },
  });
  return offset;
}

/**
 * What is YAML, and not what an owner means: a title such as `&a b` would lose its beginning without a word, and `C# #1`
 * its end.
 */
export function unmeantIn(document: Document, text: string): Mistake[] {
  const found: Mistake[] = [];
  const add = ({ range }: Node, says: string) => found.push({ offset: range?.[0] ?? 0, says });
  const begins = (sign: string) => `a text that begins with ${sign} needs quotation marks`;
  visit(document, {
    Alias: (_, node) => void add(node, begins("*")),
    Node(_, node) {
      if (node.tag !== undefined) add(node, begins("!"));
      else if ("anchor" in node && node.anchor !== undefined) add(node, begins("&"));
      else if (isPlain(node) && /^\/[/*]/.test(text.slice(node.range?.[0]))) add(node, remarkReason);
      else if (isCut(node, text))
        add(node, "a text with # needs quotation marks: what follows # is left out");
    },
    Pair(_, { key }) {
      if (isNode(key) && !isScalar(key)) add(key, "this is no name of a field");
    },
  });
  return found;
}

const isPlain = (node: Node): node is Scalar => isScalar(node) && node.type === Scalar.PLAIN;

/** Behind a space `#` begins a remark, also on a further line of the text. */
const isCut = (node: Node, text: string): boolean =>
  isPlain(node) &&
  typeof node.value === "string" &&
  /^[ \t]*(\n[ \t]+|[ \t])#/.test(text.slice(node.range?.[1]));
