import { type Fault, SiteError } from "./faults";
import { measurePicture } from "./pictures";
import { elementOf, nodesIn, type TreeNode } from "./tree";

type Place = { file: string; siteFolder: string };

/**
 * A plugin for rehype: gives each picture its width and height, so that the text does not move when it comes, and lets the
 * browser load it when it is about to be seen. Throws a SiteError with each picture that cannot be shown.
 */
export const sizePictures =
  ({ file, siteFolder }: Place) =>
  (tree: TreeNode) => {
    const faults = nodesIn(tree).flatMap((node): Fault[] => {
      const isPicture = elementOf(node) === "img";
      const addresses = [...(isPicture ? [sourceOf(node)] : []), ...furtherSourcesOf(node)];
      const measured = addresses.map((src) => ({ src, is: measurePicture(siteFolder, src) }));
      const [first] = measured;
      if (isPicture && typeof first?.is === "object") give(node, first.is);
      return measured.flatMap(({ src, is }) =>
        typeof is === "string" ? [{ file, ...lineOf(node), says: sentence(src, is) }] : [],
      );
    });
    if (faults.length > 0) throw new SiteError(faults);
  };

const lineOf = ({ position }: TreeNode) => (position ? { line: position.start.line } : {});

const sentence = (src: string, says: string): string =>
  src === "" ? "this picture has no address" : `the picture ${src} ${says}`;

const sourceOf = (node: TreeNode): string => attributeOf(node, "src") ?? "";

/** `/small.jpg 1x, /large.jpg 2x`, of a picture or of a `source` beside it. */
const furtherSourcesOf = (node: TreeNode): string[] =>
  (attributeOf(node, "srcset") ?? "")
    .split(",")
    .map((candidate) => candidate.trim().split(/\s/)[0] ?? "")
    .filter((src) => src !== "");

/** `srcSet` is React's way to write `srcset`. */
function attributeOf({ properties, attributes = [] }: TreeNode, wanted: string): string | undefined {
  const value = properties?.[wanted] ?? attributes.find(({ name }) => name?.toLowerCase() === wanted)?.value;
  return typeof value === "string" ? value : undefined;
}

/** What the author wrote stays. */
function give(picture: TreeNode, { width, height }: { width: number; height: number }): void {
  const values = { width, height, loading: "lazy", decoding: "async" };
  if (picture.properties) picture.properties = { ...values, ...picture.properties };
  const written = new Set(picture.attributes?.map(({ name }) => name));
  for (const [name, value] of Object.entries(values))
    if (!written.has(name)) picture.attributes?.push({ type: "mdxJsxAttribute", name, value: String(value) });
}
