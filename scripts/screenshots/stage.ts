import { randomUUID } from "node:crypto";
import type { Locale } from "../../protocol/events";
import { letTalk } from "../../tests/support/listed-room";
import { Replica } from "../../tests/support/replica";
import { connectVisitor, type WireVisitor } from "../../tests/support/wire-visitor";
import { type Talk, talkIn } from "./talk";

const room = "lobby";

/** A server for the pictures, with visitors who talk in one language. */
export type Stage = { url: string; locale: Locale; talk: Talk; partner: WireVisitor; close(): Promise<void> };

export async function openStage(locale: Locale): Promise<Stage> {
  const talk = talkIn(locale);
  const replica = await Replica.start({ LOG_LEVEL: "warn", RATE_LIMITS: "off" });
  const visitors = await Promise.all(
    Array.from({ length: 5 }, () => connectVisitor({ url: replica.url, locale })),
  );
  const [host] = visitors as [WireVisitor];
  for (const visitor of visitors) await visitor.join(room);
  for (const [id, title] of talk.rooms) {
    await host.must("room:create", { room: id, title });
    await letTalk((options) => connectVisitor(options), replica.url, id);
  }
  await Promise.all(visitors.slice(1, 4).map((visitor) => visitor.join("tea-room")));
  await visitors.at(-1)?.must("room:leave", { room });
  const seqs: number[] = [];
  for (const { by, text, replyTo } of talk.spoken) {
    const answered = replyTo === undefined ? undefined : seqs[replyTo];
    const { seq } = await (visitors[by] as WireVisitor).must("message:send", {
      room,
      text,
      clientMessageId: randomUUID(),
      ...(answered === undefined ? {} : { replyTo: answered }),
    });
    seqs.push(seq);
  }
  return {
    url: replica.url,
    locale,
    talk,
    partner: visitors[1] as WireVisitor,
    async close() {
      for (const visitor of visitors) visitor.close();
      await replica.kill();
    },
  };
}
