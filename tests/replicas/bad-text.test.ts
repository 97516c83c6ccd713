import { expect, test } from "../support/fixtures";

/** One grapheme of 7 code points and 25 bytes. */
const family = "👨‍👩‍👧‍👦";

const accepted: Record<string, string> = {
  "2,000 letters": "x".repeat(2_000),
  "2,000 syllables": "가".repeat(2_000),
  "2,000 syllables made of single letters": "\u1100\u1161".repeat(2_000),
  "families up to 16 KiB": family.repeat(Math.floor((16 * 1024) / Buffer.byteLength(family))),
  "exactly 16 KiB in few graphemes": `a${"\u0301".repeat((16 * 1024 - 2) / 2)}b`,
  "many blank lines between two words": `one${"\n".repeat(60)}two`,
  "a sign beside what draws nothing": "\u2800.\u3164",
  "a mark on a letter": "e\u0301",
  "an emoji of many parts": "❤\ufe0f",
  "line breaks and tabs": "one\n\ttwo\r\n".replace("\r", ""),
  "space around": "  as sent  \n",
  "not normalised": "e\u0301 \ufb01 Å",
  "right to left and direction marks": "\u200fשלום\u200e",
  "markup and quotes": `<script>alert("x")</script> ' \\ {{}} %s $(id)`,
  "words of Redis and Lua": "\\r\\n*1 $-1 ]] return 1 nil",
};

const refused: Record<string, { text: string; code: string }> = {
  "2,001 letters": { text: "x".repeat(2_001), code: "too_large" },
  "2,001 syllables": { text: "가".repeat(2_001), code: "too_large" },
  "families over 16 KiB": {
    text: family.repeat(Math.floor((16 * 1024) / Buffer.byteLength(family)) + 1),
    code: "too_large",
  },
  "one byte over 16 KiB": { text: `${"a".repeat(1)}${"\u0301".repeat((16 * 1024) / 2)}`, code: "too_large" },
  empty: { text: "", code: "bad_request" },
  "spaces only": { text: " \n\t\u3000", code: "bad_request" },
  "signs that draw nothing": { text: "\u200b\u2060\ufeff", code: "bad_request" },
  ...Object.fromEntries(
    [
      ..."\u2800 \u{1d159} \u{13430} \ufff9 \u115f \u1160 \u3164 \uffa0 \u00ad \ufe0f \u{e0100} \u180e".split(
        " ",
      ),
      ..."\u{e0061}\u{e007f} \u200e\u202e \u0301 \u20dd \ufffc \u034f \u2061 \u{1bca0} \u{1d173} \u2028".split(
        " ",
      ),
      "\n".repeat(60),
      "\n\u2800\t\u3164 \u0301".repeat(20),
    ].flatMap((text) => [
      [`nothing but ${JSON.stringify(text).slice(0, 20)}`, { text, code: "bad_request" }],
      [`many of ${JSON.stringify(text).slice(0, 20)}`, { text: ` ${text}\n`.repeat(9), code: "bad_request" }],
    ]),
  ),
  "a null": { text: "a\u0000b", code: "bad_request" },
  "a bell": { text: "a\u0007b", code: "bad_request" },
  "an escape": { text: "\u001b[31mred", code: "bad_request" },
  "a carriage return": { text: "a\rb", code: "bad_request" },
  "a delete": { text: "a\u007fb", code: "bad_request" },
  "a C1 control": { text: "a\u0085b", code: "bad_request" },
};

test("[C-4] a text up to the limits arrives exactly as it was sent", async ({ startReplicas, connect }) => {
  const [one, other] = await startReplicas(2, { RATE_LIMITS: "off" });
  const sender = await connect({ url: one?.url ?? "" });
  const reader = await connect({ url: other?.url ?? "" });
  await sender.join("lobby");
  await reader.join("lobby");
  for (const [what, text] of Object.entries(accepted)) {
    const { seq } = await sender.say("lobby", text);
    const entry = await reader.entry("lobby", (candidate) => candidate.seq === seq);
    expect(entry, what).toMatchObject({ kind: "message", text });
  }
  const late = await connect({ url: one?.url ?? "" });
  await late.join("lobby");
  expect(late.log("lobby").texts, "history has the same texts").toEqual(Object.values(accepted));
});

test("[C-4] a text that is over the limits, empty, or has control characters is refused and not stored", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const [witness, sender] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await witness.join("lobby");
  await sender.join("lobby");
  for (const [what, { text, code }] of Object.entries(refused)) {
    const ack = await sender.ask("message:send", { room: "lobby", clientMessageId: "not-to-be-had", text });
    expect(ack, what).toMatchObject({ ok: false, error: { code, retryable: false } });
  }
  await sender.say("lobby", "the only one", "not-to-be-had");
  await witness.waitFor("a message", () => witness.log("lobby").texts.length > 0);
  expect(witness.log("lobby").texts).toEqual(["the only one"]);
});

test("[C-4] a lone surrogate is replaced, the same for every reader", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const sender = await connect({ url: replica.url });
  await sender.join("lobby");
  // An escape inside the JSON is the only way to send half a surrogate pair over a UTF-8 wire.
  sender.writeRaw('42["message:send",{"room":"lobby","clientMessageId":"half-a-pair","text":"a\\ud83db"}]');
  const whole = { room: "lobby", clientMessageId: "half-a-pair-too", text: "a\ud83db" };
  expect((await sender.askRaw("message:send", whole)).ok).toBe(true);
  await sender.waitFor("the message", () => sender.log("lobby").texts.length > 0);
  for (const text of sender.log("lobby").texts) expect(text).toBe("a\ufffdb");
});

test("[W-6] [C-3] a reply names an entry; refused messages are not stored", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  const { seq } = await visitor.say("lobby", "a question");
  const reply = { room: "lobby", clientMessageId: "an-answer-to-it", text: "an answer", replyTo: seq };
  expect(await visitor.ask("message:send", reply)).toMatchObject({ ok: true, seq: seq + 1 });
  const entry = await visitor.entry("lobby", (candidate) => candidate.seq === seq + 1);
  expect(entry).toMatchObject({ kind: "message", text: "an answer", replyTo: seq });
});
