import type { Entry } from "../../protocol/events";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? "");

/** O-10. The head of a page to read, without scripts and styles. */
export const exportPage = (title: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><h1 dir="auto">${escaped(title)}</h1><dl>\n`;

export const exportPageEnd = "</dl>\n";

/** An entry of the page; "" for one that draws nothing. */
export function exportRow(entry: Entry): string {
  const drawn = entry.kind === "published" ? entry.message : entry;
  const text = textOf(drawn);
  if (text === undefined) return "";
  const at = new Date(entry.at).toISOString();
  const name = "by" in drawn ? drawn.by.name : "";
  return `<dt id="m${entry.seq}"><time datetime="${at}">${at}</time> <b dir="auto">${escaped(name)}</b><dd dir="auto">${text}\n`;
}

function textOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "message":
      return `${entry.withheld ? "<i>withheld</i> " : ""}${escaped(entry.text).replaceAll("\n", "<br>")}`;
    case "rename":
      return `<i>${escaped(entry.was)} → ${escaped(entry.by.name)}</i>`;
    case "join":
    case "leave":
    case "closed":
    case "removed":
      return `<i>${entry.kind}</i>`;
    default:
      return undefined;
  }
}
