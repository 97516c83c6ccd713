import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { listContext } from "./docker-ignore";

/** Copies into `target` the files that Docker would send to the builder from this project's folder. */
export async function copyContext(target: string): Promise<void> {
  for (const file of listContext(".")) {
    const copy = path.join(target, file);
    await mkdir(path.dirname(copy), { recursive: true });
    await cp(file, copy, { verbatimSymlinks: true });
  }
}
