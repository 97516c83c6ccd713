import { type Fault, SiteError } from "./faults";
import { elementOf, nodesIn, type TreeNode } from "./tree";

/**
 * A plugin for rehype: a post is text, elements of HTML and pictures. What would run, or would not be shown under the page's
 * policy (docs/decisions/005-strict-csp.md), is a mistake with its line. Values such as `{"a"}` become texts. Throws a
 * SiteError.
 */
export const checkMarkup =
  ({ file }: { file: string }) =>
  (tree: TreeNode) => {
    const faults = nodesIn(tree).flatMap((node): Fault[] =>
      reasonsAgainst(node).map((says) => ({
        file,
        ...(node.position && { line: node.position.start.line }),
        says,
      })),
    );
    if (faults.length > 0) throw new SiteError(faults);
  };

export const readAsProgram = "what stands in braces is read as a program: write \\{ for {";
export const readAsImport =
  "a line that begins with import or export is read as a program: begin it with another word";

function reasonsAgainst(node: TreeNode): string[] {
  if (node.type === "mdxjsEsm") return [readAsImport];
  if (/^mdx(Flow|Text)Expression$/.test(node.type)) return isHarmless(node.data) ? [] : [readAsProgram];
  const element = elementOf(node);
  if (element === undefined) return [];
  if (!/^[a-z][a-zA-Z\d-]*$/.test(element))
    return [`<${element}> is no element of HTML, whose names have small letters: write \\< for <`];
  if (unshown.has(element)) return [`<${element}> is not shown: a post has text, links and pictures`];
  if (empty.has(element) && hasContent(node))
    return [`<${element}> has nothing inside: write <${element} />`];
  return [...attributesOf(node).flatMap(reasonsAgainstAttribute), ...reasonsAgainstLink(node, element)];
}

/** Scripts, other sites and media are against the policy, and the rest is for the head of a page. */
const unshown = new Set(
  "script style iframe frame frameset object embed applet video audio track link meta base".split(" "),
);
const empty = new Set("area br col hr img input source wbr".split(" "));

const hasContent = ({ children = [] }: TreeNode): boolean => children.length > 0;

type Attribute = { type: string; name?: string; value?: unknown };

const attributesOf = ({ attributes = [] }: TreeNode): Attribute[] => attributes;

function reasonsAgainstAttribute(attribute: Attribute): string[] {
  const { name = "" } = attribute;
  if (attribute.type !== "mdxJsxAttribute") return [readAsProgram];
  if (name.toLowerCase() === "style")
    return ["style has no effect: the page takes no colours or sizes from a post"];
  if (/^on/i.test(name)) return [`${name} has no effect: a post has no programs`];
  const { value } = attribute;
  if (typeof value !== "object" || value === null) return [];
  const literal = literalOf((value as { data?: unknown }).data);
  if (literal === undefined) return [readAsProgram];
  attribute.value = literal;
  return [];
}

function reasonsAgainstLink(node: TreeNode, element: string): string[] {
  const written = attributesOf(node).find(({ name }) => name === "href")?.value;
  const href = String(node.properties?.href ?? written ?? "");
  const isUnsafe = element === "a" && /^\s*(javascript|vbscript|data|file|blob):/i.test(href);
  return isUnsafe ? ["a link is an address such as https://example.org or /posts/about"] : [];
}

/** The parts of a syntax tree of JavaScript (ESTree) that are read. */
type Program = { estree?: { body?: { expression?: Expression }[] } };
type Expression = { type: string; value?: unknown; quasis?: { value?: { cooked?: string } }[] };

const programOf = (data: unknown): Program => (typeof data === "object" && data !== null ? data : {});

/** A remark, a text or a number. */
const isHarmless = (data: unknown): boolean =>
  programOf(data).estree?.body?.length === 0 || literalOf(data) !== undefined;

function literalOf(data: unknown): string | undefined {
  const { type, value, quasis = [] } = programOf(data).estree?.body?.[0]?.expression ?? { type: "" };
  if (type === "Literal" && ["string", "number"].includes(typeof value)) return String(value);
  return type === "TemplateLiteral" && quasis.length === 1 ? quasis[0]?.value?.cooked : undefined;
}
