import type { VisitorOptions } from "./wire-socket";
import type { WireVisitor } from "./wire-visitor";

/** Two visitors say a word in a room and go: it is listed from then on. */
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
