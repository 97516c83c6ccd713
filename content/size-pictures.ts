import type { VFile } from "vfile";
import { measurePicture } from "./pictures";

/** The parts of a tree of HTML (hast, with the JSX that MDX allows) that this file reads and writes. */
type Point = { line: number; column: number; offset?: number };
type Attribute = { type: string; name?: string; value?: unknown };
type TreeNode = {
  type: string;
  tagName?: string;
  name?: string | null;
  properties?: Record<string, unknown>;
  attributes?: Attribute[];
  children?: TreeNode[];
  position?: { start: Point; end: Point };
};

/**
 * A plugin for rehype: gives each picture its width and height, so that the text does not move when it comes, and lets the
 * browser load it when it is about to be seen.
 */
export const sizePictures = (siteFolder: string) => (tree: TreeNode, file: VFile) => {
  for (const picture of picturesIn(tree)) {
    const measured = measurePicture(siteFolder, sourceOf(picture));
    if (typeof measured === "string")
      file.fail(
        `the picture ${sourceOf(picture)} ${measured}`,
        picture.position && { place: picture.position },
      );
    else
      give(picture, { width: measured.width, height: measured.height, loading: "lazy", decoding: "async" });
  }
};

const picturesIn = (node: TreeNode): TreeNode[] => [
  ...((node.tagName ?? node.name) === "img" ? [node] : []),
  ...(node.children ?? []).flatMap(picturesIn),
];

function sourceOf({ properties, attributes = [] }: TreeNode): string {
  const source = properties?.src ?? attributes.find(({ name }) => name === "src")?.value;
  return typeof source === "string" ? source : "";
}

/** What the author wrote stays. */
function give(picture: TreeNode, values: Record<string, string | number>): void {
  if (picture.properties) picture.properties = { ...values, ...picture.properties };
  const written = new Set(picture.attributes?.map(({ name }) => name));
  for (const [name, value] of Object.entries(values))
    if (!written.has(name)) picture.attributes?.push({ type: "mdxJsxAttribute", name, value: String(value) });
}
