import { lstatSync, readdirSync, statSync } from "node:fs";
import type { Fault } from "./faults";
import { within } from "./folder";

type Names = { folders: string[]; files: string[]; faults: Fault[] };

/**
 * What stands in one of the owner's folders, in the order of its names; nothing where there is none. Links are followed. Names
 * that begin with a dot are left out: tools and systems put them there (`.git`, `.DS_Store`).
 */
export function namesIn(folder: string): Names {
  const names: Names = { folders: [], files: [], faults: [] };
  const root = kindOf(folder);
  if (root === "file") names.faults.push({ file: folder, says: "this is a file; a folder is meant" });
  if (root === "deadLink") names.faults.push(deadLink(folder));
  if (root !== "folder") return names;
  for (const name of readdirSync(/*turbopackIgnore: true*/ folder).sort()) {
    if (name.startsWith(".")) continue;
    const kind = kindOf(within(folder, name));
    if (kind === "deadLink") names.faults.push(deadLink(within(folder, name)));
    else (kind === "folder" ? names.folders : names.files).push(name);
  }
  return names;
}

const deadLink = (file: string): Fault => ({ file, says: "this link leads nowhere" });

function kindOf(place: string): "folder" | "file" | "deadLink" | undefined {
  try {
    return statSync(/*turbopackIgnore: true*/ place).isDirectory() ? "folder" : "file";
  } catch {
    const link = lstatSync(/*turbopackIgnore: true*/ place, { throwIfNoEntry: false });
    return link && "deadLink";
  }
}
