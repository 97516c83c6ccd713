import { expect, type Talker, test } from "../support/talker";
import { screenOf } from "../support/terminal-screen";
import { until } from "../support/until";

const columns = 40;

const rowsOf = (talker: Talker): string[] => screenOf(talker.output(), columns);
const greeted = (talker: Talker) => until("the greeting", () => talker.output().includes("commands."));

test("arriving lines leave the typed text as it is, wide letters over several rows included", async ({
  startReplica,
  connect,
  startAtTerminal,
}) => {
  const { url } = await startReplica();
  const other = await connect({ url });
  await other.join("lobby");
  // With a long name the message would take two rows.
  await other.must("name:change", { room: "lobby", name: "Other" });
  const talker = startAtTerminal(url, "true");
  await greeted(talker);
  const typed = "마당에서 말하고 있습니다 ここは中庭です and this goes over three rows";
  talker.type(typed);
  await until("what is typed", () => rowsOf(talker).join("").includes("three rows"));
  await other.say("lobby", "first\nwith a second row");
  await until("the message", () => talker.output().includes("second row"));
  // Move back into the line, like a person who corrects a word.
  talker.type("\u001b[D".repeat(50));
  await other.say("lobby", "中庭 second");
  await until("the other message, and the typed line below it", () => {
    const below = rowsOf(talker).join("\n").split("中庭 second")[1];
    return below?.includes("three rows");
  });
  const rows = rowsOf(talker);
  const prompt = rows.findLastIndex((row) => row.startsWith("> "));
  expect(rows.slice(prompt).join(" ").replaceAll(" ", ""), "the typed line is drawn once, whole").toBe(
    `>${typed}`.replaceAll(" ", ""),
  );
  expect(rows.join("\n").split("마당에서")).toHaveLength(2);
  expect(rows[prompt - 1]).toMatch(/^\d\d:\d\d <.+> 中庭 second$/);
  expect(rows.slice(prompt - 3, prompt - 1)).toEqual([
    expect.stringMatching(/^\d\d:\d\d <.+> first$/),
    "      with a second row",
  ]);

  talker.type("\r");
  await other.entry("lobby", (entry) => entry.kind === "message" && entry.text === typed);
  await until("its entry", () => rowsOf(talker).some((row) => /^\d\d:\d\d <.+> 마당에서/.test(row)));
  await until("the empty prompt", () => rowsOf(talker).at(-1) === ">");
  expect(rowsOf(talker).join("\n").split("마당에서"), "the sent text appears once").toHaveLength(2);
});

for (const [key, name] of [
  ["\u0003", "Ctrl-C"],
  ["\u0004", "Ctrl-D"],
  ["/quit\r", "/quit"],
] as const)
  test(`[N-2] ${name} leaves with a notice at once, and restores the terminal`, async ({
    startReplica,
    connect,
    startAtTerminal,
  }) => {
    const replica = await startReplica();
    const other = await connect({ url: replica.url });
    await other.join("lobby");
    const talker = startAtTerminal(replica.url, "stty -a");
    await greeted(talker);
    talker.type(key);
    await other.entry("lobby", (entry) => entry.kind === "leave");
    // N-2: the command is noticed at once; a client that only closes has left after 3 s.
    const leaves = () => replica.metric('madang_command_seconds_count{command="room:leave"}');
    await expect.poll(leaves).toBe(1);
    expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
    expect(talker.output()).toMatch(/ icanon .* echo /s);
  });

test("a line typed while the server is away is shown as not sent yet, and is sent once when it is back", async ({
  startReplica,
  startFront,
  connect,
  startAtTerminal,
}) => {
  const { url, port } = await startReplica();
  const front = await startFront([port]);
  const other = await connect({ url });
  await other.join("lobby");
  const talker = startAtTerminal(front.url, "true");
  await greeted(talker);
  front.remove(port);
  front.cut();
  talker.type("are you there?\r");
  await until("the word of it", () => talker.output().includes("Not sent yet: are you there?"));
  front.add(port);
  // After a long name the text takes two rows.
  const screen = () => rowsOf(talker).join("").replaceAll(" ", "");
  await until("its entry", () => /\d\d:\d\d<[^>]+>areyouthere\?/.test(screen()));
  expect(other.log("lobby").texts).toEqual(["are you there?"]);
});

test("at a terminal lists have a heading and mark the visitor itself, mistakes are explained, and a lost conversation leads back to the lobby", async ({
  startReplica,
  startFront,
  connect,
  startAtTerminal,
}) => {
  const first = await startReplica({ REDIS_URL: undefined, RATE_LIMITS: "off" });
  const front = await startFront([first.port]);
  const other = await connect({ url: first.url });
  await other.join("lobby");
  const talker = startAtTerminal(front.url, "true");
  await greeted(talker);
  const tight = (text: string) => text.replaceAll(/\s/g, "");
  const shows = (text: string) => until(text, () => tight(rowsOf(talker).join("")).includes(tight(text)));
  talker.type("/rooms\r");
  await shows("Open rooms, with the number of people there and the title; /join ROOM takes you to one:");
  await shows("lobby (2)");
  talker.type("/who\r");
  await shows("), you");
  talker.type("/with me\r");
  await shows("* That ID isn’t valid: /who lists the IDs of everyone here.");
  talker.type(`/with ${other.id}\r`);
  await shows("in a private conversation, 1 here.");

  const second = await startReplica({ REDIS_URL: undefined, RATE_LIMITS: "off" });
  front.remove(first.port);
  front.add(second.port);
  front.cut();
  await shows("is gone: back to the lobby.");
  await shows("in lobby (lobby), 1 here.");
  const witness = await connect({ url: second.url });
  await witness.join("lobby");
  talker.type("home again\r");
  await witness.entry("lobby", (entry) => entry.kind === "message" && entry.text === "home again");
});
