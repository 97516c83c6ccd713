/** The parts of a tree of HTML (hast, with the JSX that MDX allows) that our plugins read and write. */
type Point = { line: number; column: number; offset?: number };
type Attribute = { type: string; name?: string; value?: unknown };
export type TreeNode = {
  type: string;
  tagName?: string;
  /** An element's name in JSX; null for `<>`. */
  name?: string | null;
  properties?: Record<string, unknown>;
  attributes?: Attribute[];
  children?: TreeNode[];
  position?: { start: Point; end: Point };
  data?: unknown;
};

export const nodesIn = (node: TreeNode): TreeNode[] => [node, ...(node.children ?? []).flatMap(nodesIn)];

export const elementOf = ({ tagName, name }: TreeNode): string | undefined => tagName ?? name ?? undefined;
