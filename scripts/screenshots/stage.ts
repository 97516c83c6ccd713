import { randomUUID } from "node:crypto";
import type { Locale } from "../../protocol/events";
import { letTalk } from "../../tests/support/listed-room";
import { claimOwner, ownerKey } from "../../tests/support/owner";
import { Replica } from "../../tests/support/replica";
import { connectVisitor, type WireVisitor } from "../../tests/support/wire-visitor";
import { type Talk, talkIn } from "./talk";

const room = "lobby";

/** A server for the pictures, with visitors who talk in one language. */
export type Stage = { url: string; locale: Locale; talk: Talk; partner: WireVisitor; close(): Promise<void> };

export async function openStage(locale: Locale): Promise<Stage> {
  const talk = talkIn(locale);
  const replica = await Replica.start({ LOG_LEVEL: "warn", RATE_LIMITS: "off", OWNER_KEY: ownerKey });
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
  await giveWork(visitors, talk);
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

/** Fills the owner's page: a reported message, a message that the guard withheld, a mute and a rule. */
async function giveWork(visitors: readonly WireVisitor[], { abusive, advertised }: Talk): Promise<void> {
  const [host, reader, witness, author, owner] = visitors as [
    WireVisitor,
    WireVisitor,
    WireVisitor,
    WireVisitor,
    WireVisitor,
  ];
  await claimOwner(owner);
  await owner.must("guard:words", { words: [advertised.word] });
  const { seq } = await author.say(room, abusive);
  for (const visitor of [reader, witness, host])
    await visitor.must("message:report", { room, seq, reason: visitor === host ? "other" : "abuse" });
  await witness.must("room:join", { room: "night-owls" });
  await witness.say("night-owls", advertised.text);
  await owner.must("sanction:set", {
    ...{ visitor: author.id, kind: "mute", forMs: 86_400_000, reason: "abuse" },
  });
  await owner.must("room:rules", { room: "tea-room", slowMs: 30_000, links: "settled" });
}
