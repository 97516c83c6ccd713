import { existsSync, readFileSync } from "node:fs";
import type { Runtime } from "node:inspector";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

type Mapped = { map: SourceMap; sources: Map<string, string[]> };
/** An index map keeps its parts in `sections`. */
type Payload = SourceMapPayload & { sections?: { map: SourceMapPayload }[] };

/** The build's source maps stand beside its chunks, but not in the standalone folder. */
const mapOf = (file: string): string => `${file.replace("/.next/standalone/", "/")}.map`;

function readMap(file: string): Mapped | undefined {
  if (!existsSync(mapOf(file))) return undefined;
  const payload = JSON.parse(readFileSync(mapOf(file), "utf8")) as Payload;
  const sources = new Map<string, string[]>();
  for (const part of payload.sections?.map(({ map }) => map) ?? [payload])
    for (const [index, source] of part.sources.entries())
      sources.set(source, (part.sourcesContent[index] ?? "").split("\n"));
  return { map: new SourceMap(payload), sources };
}

const keywords = new Set(
  "async await const default export extends function get if new override private protected public readonly return set static".split(
    " ",
  ),
);
/** A frame begins at a function's parameters, with its name before them, or at the name. */
const nameBefore = /([\w$#]+)\s*(?:[=:]\s*)?(?:async\s*)?(?:function\s*)?$/;
const nameAt = new RegExp(`^(?:(?:${[...keywords].join("|")})\\s+)*([\\w$#]+)`);

/** Finds the original names of the functions in a minified build. */
export class SourceNames {
  private readonly maps = new Map<string, Mapped | undefined>();

  of({ functionName, url, lineNumber, columnNumber }: Runtime.CallFrame): { name: string; file: string } {
    const name = functionName === "" ? "(anonymous)" : functionName;
    if (!url.startsWith("file:")) return { name, file: url };
    const file = fileURLToPath(url);
    if (!this.maps.has(file)) this.maps.set(file, readMap(file));
    const mapped = this.maps.get(file);
    const short = file.replace(/^.*\/(?=node_modules\/|\.next\/)/, "");
    if (mapped === undefined) return { name, file: `${short}:${lineNumber + 1}` };
    const entry = mapped.map.findEntry(lineNumber, columnNumber);
    if (!("originalSource" in entry)) return { name, file: `${short}:${lineNumber + 1}` };
    const { originalSource, originalLine, originalColumn } = entry;
    const line = mapped.sources.get(originalSource)?.[originalLine] ?? "";
    const found = nameBefore.exec(line.slice(0, originalColumn)) ?? nameAt.exec(line.slice(originalColumn));
    const own = found?.[1];
    const source = originalSource
      .replace(/^.*\[project\]\//, "")
      .replace(/^.*\/(?=node_modules\/)/, "")
      .replace(/^(\.\.\/)+/, "");
    const isName = own !== undefined && !keywords.has(own);
    return { name: isName ? own : name, file: `${source}:${originalLine + 1}` };
  }
}
