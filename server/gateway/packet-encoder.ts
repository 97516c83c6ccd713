import { Encoder, type Packet, PacketType } from "socket.io-parser";

/** JSON that is written already. */
export class RawJson {
  constructor(readonly text: string) {}
}

/**
 * Writes events and answers as Socket.IO's own encoder does, but takes raw JSON in the fields of an answer, and does not
 * search them for binary data: the wire has none.
 */
export class PacketEncoder extends Encoder {
  override encode(packet: Packet): ReturnType<Encoder["encode"]> {
    if (packet.type !== PacketType.EVENT && packet.type !== PacketType.ACK) return super.encode(packet);
    const namespace = packet.nsp === "/" ? "" : `${packet.nsp},`;
    const data = (packet.data as unknown[]).map(toJson).join(",");
    return [`${packet.type}${namespace}${packet.id ?? ""}[${data}]`];
  }
}

function toJson(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const json = field instanceof RawJson ? field.text : JSON.stringify(field);
    return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`];
  });
  return `{${fields.join(",")}}`;
}
