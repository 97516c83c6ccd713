import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../support/temporary-folder";

/** Makes an owner's folder with these files, by their paths in it. */
export async function siteFolderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await makeFolder("site");
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** The sentences about the errors, with paths from the folder. */
export function faultsOf(folder: string, read: (folder: string) => unknown): string[] {
  try {
    read(folder);
    return [];
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
  }
}

/** An SVG of that size. */
export const drawing = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9" height="9"/></svg>`;
