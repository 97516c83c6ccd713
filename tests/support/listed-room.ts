import type { VisitorOptions } from "./wire-socket";
import type { WireVisitor } from "./wire-visitor";

/** Two visitors each send a message in a room and leave: from then on the room is listed. */
export async function letTalk(
  connect: (options: VisitorOptions) => Promise<WireVisitor>,
  url: string,
  room: string,
): Promise<void> {
  for (const text of ["hello", "hello to you"]) {
    const visitor = await connect({ url });
    await visitor.join(room);
    await visitor.say(room, text);
    await visitor.must("room:leave", { room });
    visitor.close();
  }
}
