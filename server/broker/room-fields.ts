import type { Cursor, Room, VisitorId } from "../../protocol/events";

/** A room's hash, as a script returns it: names and values in turn. */
function readFields(reply: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  const list = reply as string[];
  for (let index = 0; index + 1 < list.length; index += 2)
    fields.set(list[index] ?? "", list[index + 1] ?? "");
  return fields;
}

export function readHead(reply: unknown): Cursor {
  const fields = readFields(reply);
  return { epoch: fields.get("epoch") ?? "", seq: Number(fields.get("seq")) };
}

export function readRoom(reply: unknown): Room {
  const fields = readFields(reply);
  const owner: VisitorId = fields.get("owner") ?? "";
  return {
    id: fields.get("id") ?? "",
    title: fields.get("title") ?? "",
    kind: fields.get("kind") === "direct" ? "direct" : "public",
    createdAt: Number(fields.get("createdAt")),
    closed: fields.get("closed") === "1",
    ...(owner === "" ? {} : { owner }),
  };
}
