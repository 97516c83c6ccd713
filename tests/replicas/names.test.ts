import type { JoinAnswer } from "../../protocol/events";
import { skeleton } from "../../server/names/skeleton";
import { expect, test } from "../support/fixtures";
import type { WireVisitor } from "../support/wire-visitor";

const crowd = 200;

/** Names in look-alike spellings: the characters that may stand at each place of a name. */
const names: string[][] = [
  ["SsЅѕＳ", "iIІі1|", "lLӏІ1", "vVѵⅴ", "eEЕеɛ", "rRгᴦ", " \u00A0\u3000", "FfＦ", "oO0ΟοОо", "xXХхΧ"],
  ["MМΜⅯ", "oO0ΟοОо", "oOОоօ", "nNո", " \u2003", "CcСсⅽ", "aAАаΑα", "tTТтΤ"],
  ["WwԜԝ", "aAАа", "nNո", "dDԁⅾ", "eEЕе", "rRг", "iIІ1l", "nN", "gGɡ", " \u3000", "SsЅѕ", "wWᴡ", "aAа", "nN"],
  ["용", "감", "한", " \u00A0\u3000\u2002", "수", "달", " \u3000", "7７𝟕⑦"],
  ["ロ口ﾛ", "ケｹ", "ッｯ", "ト卜ﾄ", "ヘへﾍ", "イ亻ｲ", "ー一—ｰ─"],
];

/** The spelling with that number, of dozens to hundreds; every other one is decomposed into letters and marks. */
function spelling(places: string[], number: number): string {
  let rest = number;
  const characters = places.map((place) => {
    const choices = Array.from(place);
    const choice = choices[rest % choices.length] ?? "";
    rest = Math.floor(rest / choices.length);
    return choice;
  });
  return characters.join("").normalize(number % 2 ? "NFD" : "NFC");
}

/** Joins under a name, and resolves with the answer, or with the code of the refusal. */
async function askFor(visitor: WireVisitor, room: string, name?: string): Promise<JoinAnswer | string> {
  const ack = await visitor.ask("room:join", { room, ...(name !== undefined && { name }) });
  return ack.ok ? ack : ack.error.code;
}

const isIn = (answer: JoinAnswer | string): answer is JoinAnswer => typeof answer !== "string";
const shown = (name: string) => name.replace(/\s/gu, " ");

test("[ID-3] when two hundred visitors on three replicas ask at once for look-alikes of one name, one gets it", async ({
  startReplicas,
  connect,
}) => {
  test.setTimeout(120_000);
  const replicas = await startReplicas(3, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(
    Array.from({ length: crowd }, (_, index) => connect({ url: replicas[index % 3]?.url ?? "" })),
  );
  const [maker] = visitors as [WireVisitor];
  for (const places of names) {
    const base = spelling(places, 0);
    const spellings = visitors.map((_, index) => spelling(places, index));
    expect(new Set(spellings.map(skeleton)), base).toEqual(new Set([skeleton(base)]));
    const { room } = await maker.must("room:create", { title: base });
    const answers = await Promise.all(
      visitors.map((visitor, index) => askFor(visitor, room.id, spellings[index])),
    );
    expect(
      answers.filter((answer) => !isIn(answer)),
      base,
    ).toEqual(Array(crowd - 1).fill("name_taken"));
    const first = answers.findIndex(isIn);
    const winner = visitors[first];
    if (winner === undefined) throw new Error("no visitor got it");
    const self = { id: winner.id, name: shown(spellings[first] ?? "") };

    const [loser, other, ...rest] = visitors.filter((visitor) => visitor !== winner) as [
      WireVisitor,
      WireVisitor,
      ...WireVisitor[],
    ];
    const repeated = await askFor(winner, room.id, "Another One");
    expect(repeated).toMatchObject({ self, memberCount: 1, members: [self] });
    expect(repeated).toMatchObject({ entries: [{ seq: 1, kind: "join", by: self }], cursor: { seq: 1 } });
    expect(await loser.ask("message:send", said(room.id))).toMatchObject({ error: { code: "not_joined" } });

    expect(await askFor(loser, room.id, `${base} two`)).toMatchObject({ self: { name: `${base} two` } });
    await winner.must("room:leave", { room: room.id });
    expect(await askFor(other, room.id, base)).toMatchObject({ self: { name: base }, memberCount: 2 });
    expect(await askFor(winner, room.id, spelling(places, 5))).toBe("name_taken");
    expect(await askFor(rest[0] ?? winner, room.id)).toMatchObject({ memberCount: 3 });
  }
});

const said = (room: string) => ({ room, text: "hello", clientMessageId: "an-honest-one" });

test("[ID-3] [W-6] a malformed name is refused before anything else, and the visitor does not join", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  const wrong: unknown[] = [
    ...[
      null,
      7,
      true,
      [],
      {},
      ["Otter"],
      "",
      " ",
      "x",
      "x".repeat(25),
      "two\nlines",
      "Ot\u202Eter",
      "Ot\u200Bter",
    ],
    ...[
      "Zal\u0300\u0301\u0302\u0303go",
      "admin",
      "Аdmіn 1",
      "관리자",
      "システム",
      `ab${"\u0301".repeat(20_000)}`,
    ],
  ];
  for (const name of wrong)
    for (const room of ["lobby", "no-such-room"]) {
      const ack = await visitor.askRaw("room:join", { room, name });
      expect(ack, JSON.stringify(name)?.slice(0, 40)).toMatchObject({
        ok: false,
        error: { code: "bad_request", retryable: false },
      });
    }
  expect(await askFor(visitor, "no-such-room", "Otter")).toBe("room_not_found");
  expect(await askFor(visitor, "lobby", "  Brave\u3000Otter ")).toMatchObject({
    self: { name: "Brave Otter" },
    memberCount: 1,
    cursor: { seq: 1 },
  });
});

test("[ID-3] [C-6] a visitor keeps the name it asked for over tabs, returns and replicas, until it asks for another", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = await startReplicas(2, { RATE_LIMITS: "off" });
  const first = await connect({ url: one?.url ?? "" });
  expect(await askFor(first, "lobby", "Brave Otter")).toMatchObject({ self: { name: "Brave Otter" } });
  const second = await connect({ url: other?.url ?? "", token: first.token });
  for (const name of ["Calm Heron", "Brave Otter", undefined])
    expect(await askFor(second, "lobby", name)).toMatchObject({
      self: { name: "Brave Otter" },
      memberCount: 1,
    });
  for (const tab of [first, second]) await tab.must("room:leave", { room: "lobby" });
  expect(await askFor(second, "lobby")).toMatchObject({ self: { name: "Brave Otter" } });
  await second.must("room:leave", { room: "lobby" });
  expect(await askFor(first, "lobby", "Calm Heron")).toMatchObject({ self: { name: "Calm Heron" } });
  await first.must("room:leave", { room: "lobby" });
  expect(await askFor(second, "lobby")).toMatchObject({ self: { name: "Calm Heron" } });
});
