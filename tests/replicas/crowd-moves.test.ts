import { setTimeout as pause } from "node:timers/promises";
import { follow, present } from "../../components/chat/state/presence";
import type { Entry, JoinAnswer } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

/** More than 50 on each replica, so that joins and leaves wait for messages. */
const crowd = 110;
const atOnce = 22;
const writers = 4;
/** With so many members on each replica, entries wait for others. */
const talkEachMs = 60;
/** So many of the others move while the writers talk, each in one of three ways. */
const movers = 45;
const moveEachMs = 40;

type Member = { visitor: WireVisitor; replica: number; answer: JoinAnswer };

test("[C-1] [F-1] [F-4] in a crowd that talks, comes, goes and moves, each connection gets each entry once, and all have one member count", async ({
  startReplicas,
  connect,
}) => {
  test.setTimeout(180_000);
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off", GUARD: "off" })) as [Replica, Replica];
  const enter = async (replica: number): Promise<Member> => {
    const visitor = await connect({ url: (replicas[replica % 2] as Replica).url });
    return { visitor, replica, answer: await visitor.join("lobby") };
  };
  const members: Member[] = [];
  while (members.length < crowd)
    members.push(...(await Promise.all(Array.from({ length: atOnce }, (_, number) => enter(number)))));

  let isOver = false;
  const talk = members.slice(0, writers).map(async ({ visitor }, writer) => {
    for (let number = 0; !isOver; number += 1) {
      const { seq } = await visitor.say("lobby", `${writer}: ${number}`);
      if (number % 7 === 0) await visitor.must("message:remove", { room: "lobby", seq });
      await pause(talkEachMs);
    }
  });
  const left: WireVisitor[] = [];
  const ways = [
    async (member: Member) => {
      const [, answer] = await Promise.all([
        member.visitor.must("room:leave", { room: "lobby" }),
        member.visitor.join("lobby"),
      ]);
      member.answer = answer;
    },
    async (member: Member) => {
      member.answer = await member.visitor.join("lobby");
    },
    async (member: Member) => {
      const { cursor } = member.visitor.log("lobby");
      member.visitor.vanish();
      left.push(member.visitor);
      member.replica += 1;
      const { url } = replicas[member.replica % 2] as Replica;
      member.visitor = await connect({ url, token: member.visitor.token });
      member.answer = await resume(member.visitor, "lobby", cursor);
    },
  ];
  const moves = members.slice(writers, writers + movers).map(async (member, place) => {
    await pause(place * moveEachMs);
    await ways[place % ways.length]?.(member);
  });
  await Promise.all(moves);
  isOver = true;
  await Promise.all(talk);
  const last = await enter(1);
  await last.visitor.say("lobby", "the end");
  members.push(last);
  expect(last.answer.memberCount).toBe(members.length);

  const versions = new Map<number, Set<string>>();
  for (const { visitor, answer } of members) {
    const log = visitor.log("lobby");
    await visitor.waitFor("the end", () => log.texts.includes("the end"));
    // Counted joins and leaves are told a second later.
    await visitor.waitFor("everyone", () => {
      const later = log.entries.filter(({ seq }: Entry) => seq > answer.presenceSeq);
      return follow(present(answer), later).count === members.length;
    });
    for (const entry of log.entries)
      if (entry.kind !== "removed")
        versions.set(entry.seq, (versions.get(entry.seq) ?? new Set()).add(JSON.stringify(entry)));
  }
  for (const visitor of [...members.map((member) => member.visitor), ...left])
    expect([visitor.log("lobby").faults, visitor.log("lobby").gaps]).toEqual([[], []]);
  expect([...versions].filter(([, { size }]) => size !== 1)).toEqual([]);
});
