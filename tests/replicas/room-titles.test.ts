import { expect, test } from "../support/fixtures";
import type { WireVisitor } from "../support/wire-visitor";

const unlimited = { RATE_LIMITS: "off" };

/** "made", or the code of the refusal. */
const create = async (visitor: WireVisitor | undefined, title: string, room?: string): Promise<string> => {
  const ack = await visitor?.ask("room:create", { title, ...(room !== undefined && { room }) });
  return ack?.ok ? "made" : (ack?.error.code ?? "nobody asked");
};

test("[C-6] when many visitors on two replicas make a room with one title at once, in any spelling, one succeeds", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = await startReplicas(2, unlimited);
  const visitors = await Promise.all(
    Array.from({ length: 10 }, (_, index) => connect({ url: (index % 2 ? one : other)?.url ?? "" })),
  );
  const spellings = ["Tea", "TEA", "tеa", "Ｔｅａ", "Tea."];
  const outcomes = await Promise.all(
    visitors.map((visitor, index) => create(visitor, spellings[index % spellings.length] ?? "")),
  );
  expect(outcomes.sort()).toEqual(["made", ...Array<string>(9).fill("name_taken")].sort());
  expect(await create(visitors[0], "Teal")).toBe("made");
});

test("[C-6] a title is free again when its room is closed; a post's title never is", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = await startReplicas(2, unlimited);
  const owner = await connect({ url: one?.url ?? "" });
  const guest = await connect({ url: other?.url ?? "" });
  const { room } = await owner.must("room:create", { title: "  Tea \u00a0time " });
  expect(room.title).toBe("Tea time");
  expect(await create(guest, "tea time")).toBe("name_taken");
  expect(await create(guest, "Tea time", room.id), "a taken id is reported first").toBe("room_exists");
  await owner.join(room.id);
  await owner.must("room:close", { room: room.id });
  expect(await create(guest, "tea time")).toBe("made");
  for (const title of ["Lobby", "로비", "ロビー", "LОBBY", "A courtyard for a blog", "블로그에 마당을 내다"])
    expect(await create(guest, title), title).toBe("name_taken");
});

const refused: Record<string, string[]> = {
  "nothing that can be seen": [
    "\u2800",
    "\u3164\u3164",
    "\u{1d159}",
    "\ufff9",
    "\u{13430}",
    "\u00ad",
    "\u0301",
    " \u200b ",
  ],
  "signs that turn the direction": ["\u202eybbol", "Tea\u200f", "\u2066Tea\u2069", "Te\u061ca"],
  "signs that cannot be seen": ["Te\u200ba", "Lob\u00adby", "Tea\u2800", "Tea\ufe0f"],
  "line breaks and tabs": ["Tea\ntime", "Tea\ttime", "Tea\u2028time", "Tea\n"],
  "stacked or bare marks": ["Te\u0300\u0301\u0302\u0303a", "Tea \u0301time"],
  "what cannot be shown": ["Tea \uf8ff", "Tea \ufffd", "Tea\ud83d"],
  "a word that speaks for the site": ["공지", "Official", "サポート", "[공지] 내일", "Аdmin"],
};

const honest = [
  "Tea & coffee (hot)!",
  "책 이야기: 함께 읽기 2",
  "雑談・なんでも",
  "שיחה על ספרים",
  "نقاش حول الكتب",
  "می\u200cخواهم",
  "👩\u200d🚀 Space",
  "❤\ufe0f",
  "Ask a moderator",
  "C++ / Rust?",
  "1",
  "x".repeat(80),
];

test("[C-6] a title must be one line of visible text, like a name", async ({ startReplica, connect }) => {
  const replica = await startReplica(unlimited);
  const visitor = await connect({ url: replica.url });
  for (const [what, titles] of Object.entries(refused))
    for (const title of titles) {
      const ack = await visitor.ask("room:create", { title });
      expect(ack, `${what}: ${JSON.stringify(title)}`).toMatchObject({
        ok: false,
        error: { code: "bad_request", retryable: false, message: expect.stringContaining("title") },
      });
    }
  for (const title of honest)
    expect((await visitor.must("room:create", { title })).room.title, JSON.stringify(title)).toBe(title);
  expect(await create(visitor, "x".repeat(81))).toBe("too_large");
});
