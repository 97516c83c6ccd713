import type { PublishedLine } from "../../components/chat/state/lines";
import type { Entry, Gap, Member, MessageEntry } from "../../protocol/events";
import { faults } from "../chaos/faults";
import type { Act, LogLine } from "../chaos/log";
import { planFaults } from "../chaos/nemesis";
import { verdictNames as names } from "../chaos/verdict-names";
import { judge } from "../chaos/verdicts";
import { expect, test } from "../support/plain-test";

const ann: Member = { id: "v-ann", name: "Ann" };
const bob: Member = { id: "v-bob", name: "Bob" };
const late: Member = { id: "v-late", name: "Late" };
const minute = 60_000;

const notice = (seq: number, kind: "join" | "leave", by: Member): Entry => ({
  seq,
  at: seq * minute,
  kind,
  by,
});
const message = (seq: number, by: Member, text: string): MessageEntry => ({
  seq,
  at: seq * minute,
  kind: "message",
  by,
  text,
  clientMessageId: `id-of-${text}`,
});

/** The log lines of one connection, each a second after the one before it. */
function lines(startsAt: number, connection: number, happenings: object[]): LogLine[] {
  return happenings.map((line, index) => ({ at: startsAt + index * 1_000, connection, ...line }) as LogLine);
}

const session = (visitor: Member) => ({
  is: "heard",
  event: "session:started",
  body: { visitor: { id: visitor.id } },
});
const heard = (...entries: Entry[]) => ({
  is: "heard",
  event: "feed:appended",
  body: { room: "lobby", epoch: "e1", entries },
});
const asked = (ask: number, command: string, input: object) => ({ is: "asked", ask, command, input });
const answered = (ask: number, answer: object) => ({ is: "answered", ask, answer: { ok: true, ...answer } });
const joined = (ask: number, self: Member, members: Member[], entries: Entry[]) => {
  const seq = entries.at(-1)?.seq;
  const people = { self, members, memberCount: members.length, presenceSeq: seq };
  return answered(ask, { ...people, entries, cursor: { epoch: "e1", seq } });
};
const sent = (ask: number, text: string) =>
  asked(ask, "message:send", { room: "lobby", text, clientMessageId: `id-of-${text}` });
const stored = (ask: number, seq: number) => answered(ask, { seq, at: seq * minute });

/** A correct run: Ann and Bob join, each sends one message, and in the end both leave. */
function scene() {
  const [annJoins, bobJoins] = [notice(1, "join", ann), notice(2, "join", bob)];
  const [hello, hi] = [message(3, ann, "hello"), message(4, bob, "hi")];
  const end = [notice(5, "join", late), notice(6, "leave", ann), notice(7, "leave", bob)];
  const visitor = (label: string, logged: LogLine[], shown: Entry[]) => ({
    label,
    room: "lobby",
    hasVanished: false,
    lines: logged,
    shown,
    members: [ann.id, bob.id],
  });
  const annLog = lines(minute, 1, [
    session(ann),
    asked(1, "room:join", { room: "lobby" }),
    joined(1, ann, [ann], [annJoins]),
    heard(bobJoins),
    sent(2, "hello"),
    heard(hello),
    stored(2, 3),
    heard(hi),
  ]);
  const bobLog = lines(2 * minute, 1, [
    session(bob),
    asked(1, "room:join", { room: "lobby" }),
    joined(1, bob, [ann, bob], [annJoins, bobJoins]),
    heard(hello),
    sent(2, "hi"),
    stored(2, 4),
    heard(hi),
  ]);
  annLog.push(...lines(6 * minute, 1, [asked(9, "room:leave", { room: "lobby" })]));
  bobLog.push(...lines(7 * minute, 1, [asked(9, "room:leave", { room: "lobby" })]));
  const finding = {
    room: "lobby",
    reader: late.id,
    epoch: "e1",
    entries: [annJoins, bobJoins, hello, hi, ...end],
    membersWhenQuiet: [ann.id, bob.id],
    membersInTheEnd: [] as string[],
  };
  return {
    finding,
    acts: [] as Act[],
    ann: visitor("Ann", annLog, [annJoins, bobJoins, hello, hi]),
    bob: visitor("Bob", bobLog, [annJoins, bobJoins, hello, hi]),
  };
}

type Scene = ReturnType<typeof scene>;

function broken(change: (scene: Scene) => void, unrest: string[] = []): string[] {
  const changed = scene();
  change(changed);
  const { ann: one, bob: other, finding, acts } = changed;
  const evidence = { visitors: [one, other], findings: [finding], acts };
  return judge(evidence, unrest).flatMap(({ name, breaches }) => (breaches.length > 0 ? [name] : []));
}

/** Removes the line at a place, or puts others there. */
const replace = (log: LogLine[], index: number, ...happenings: object[]) =>
  log.splice(index, 1, ...lines(log[index]?.at ?? 0, 1, happenings));

test("every verdict accepts a correct run", () => {
  expect(broken(() => undefined)).toEqual([]);
  expect(judge({ visitors: [], findings: [], acts: [] }, []).map(({ name }) => name)).toEqual(
    Object.values(names),
  );
});

/** Ann's "hello" is withheld: Bob gets a withheld entry. */
function withhold({ finding: { entries }, bob: { lines: log, shown } }: Scene): void {
  entries[2] = { ...message(3, ann, "hello"), withheld: true } as Entry;
  const blank = { seq: 3, at: 3 * minute, kind: "withheld" } as Entry;
  replace(log, 3, heard(blank));
  shown[2] = blank;
}

test("[O-4] a withheld message does not count as missing, and only its author may receive it", () => {
  expect(broken(withhold)).toEqual([]);
  const leak = (scene: Scene) => {
    withhold(scene);
    replace(scene.bob.lines, 3, heard(message(3, ann, "hello")));
  };
  expect(broken(leak)).toContain(names.leaked);
});

test("[O-4] others must not receive messages of a banned or shadowed visitor for longer than a second", () => {
  const [ban, shadow] = (["ban", "shadow"] as const).map((did) => ({ did, visitor: ann.id }));
  const done = (act: object, at: number) => (scene: Scene) =>
    void scene.acts.push({ ...act, from: at, at } as Act);
  for (const act of [ban, shadow]) {
    expect(broken(done(act ?? {}, 3 * minute - 1_001))).toEqual([names.heard]);
    expect(broken(done(act ?? {}, 3 * minute - 999))).toEqual([]);
  }
  // A ban explains a leave even if the visitor was there a moment ago.
  const taken = ({ bob: { lines: log } }: Scene) =>
    log.splice(-1, 1, ...lines(7 * minute - 2_000, 1, [{ is: "heard", event: "status:changed", body: {} }]));
  expect(broken(taken)).toEqual([names.notices]);
  const banned = (scene: Scene) => {
    taken(scene);
    done({ ...ban, visitor: bob.id }, 7 * minute)(scene);
  };
  expect(broken(banned)).toEqual([]);
});

test("[O-3] a removed message does not count as lost, and must not come in a later answer", () => {
  const remove = ({ finding: { entries }, ann: one, bob: other, acts }: Scene) => {
    const removed = { seq: 3, at: 3 * minute, kind: "removed" } as Entry;
    entries[2] = removed;
    for (const { shown } of [one, other]) shown[2] = removed;
    acts.push({ did: "remove", room: "lobby", seq: 3, from: 4 * minute, at: 4 * minute });
  };
  expect(broken(remove)).toEqual([]);
  const keep = (scene: Scene) => {
    remove(scene);
    const page = { epoch: "e1", entries: [message(3, ann, "hello")], more: false };
    const question = asked(7, "history:read", { room: "lobby", limit: 1 });
    scene.bob.lines.splice(-1, 0, ...lines(5 * minute, 1, [question, answered(7, page)]));
  };
  expect(broken(keep)).toEqual([names.kept]);
});

test("[O-3] a page must not show the text of a removed message", () => {
  const keep = ({ finding: { entries }, ann: one }: Scene) => {
    const removed = { seq: 3, at: 3 * minute, kind: "removed" } as Entry;
    entries[2] = removed;
    one.shown[2] = removed;
  };
  expect(broken(keep)).toEqual([names.unseen]);
});

/** Ann's withheld "hello" is published as entry 5: Bob gets it then, and Ann, who has it, a withheld entry. */
function publish(scene: Scene): void {
  withhold(scene);
  const { finding, ann: one, bob: other, acts } = scene;
  const published: Entry = { seq: 5, at: 5 * minute, kind: "published", message: message(3, ann, "hello") };
  const blank = { seq: 5, at: 5 * minute, kind: "withheld" } as Entry;
  const end = [notice(6, "join", late), notice(7, "leave", ann), notice(8, "leave", bob)];
  finding.entries = [...finding.entries.slice(0, 4), published, ...end];
  acts.push({ did: "publish", room: "lobby", seq: 3, from: 5 * minute, at: 5 * minute });
  const shownLine: PublishedLine = {
    ...message(3, ann, "hello"),
    ...{ writtenAs: 3, seq: 5, at: 5 * minute },
  };
  for (const [{ lines: log, shown }, given, line] of [
    [one, blank, blank],
    [other, published, shownLine],
  ] as const) {
    log.splice(-1, 0, ...lines(5 * minute, 1, [heard(given)]));
    shown.push(line);
  }
}

test("[O-7] a published message is shown once on each page, its author's included", () => {
  expect(broken(publish)).toEqual([]);
  const after = (change: (scene: Scene) => void) =>
    broken((scene) => {
      publish(scene);
      change(scene);
    });
  const blank = { seq: 5, at: 5 * minute, kind: "withheld" } as Entry;
  expect(after(({ bob: { shown } }) => shown.splice(4, 1, blank))).toEqual([names.unseen, names.published]);
  const twice = after(({ bob: { shown } }) => shown.splice(2, 1, message(3, ann, "hello")));
  expect(twice).toEqual([names.unseen, names.published]);
  const again = after(({ ann: { shown }, bob: { shown: others } }) => shown.splice(4, 1, others[4] as Entry));
  expect(again).toEqual([names.unseen, names.published]);
  const leading = (shownAs: number) =>
    after(({ bob: { shown } }) =>
      shown.splice(2, 1, { seq: 3, at: 3 * minute, kind: "withheld", shownAs } as Entry),
    );
  expect(leading(5)).toEqual([]);
  expect(leading(4)).toEqual([names.unseen]);
  const untold = after(({ bob: { lines: log } }) =>
    log.splice(-2, 1, ...lines(5 * minute, 1, [heard(blank)])),
  );
  expect(untold).toEqual([names.order]);
  const told = after(({ ann: one, bob: other }) => one.lines.splice(-2, 1, other.lines.at(-2) as LogLine));
  expect(told).toEqual([names.order]);
  expect(after(({ acts }) => acts.push({ ...acts[0], seq: 4 } as Act))).toEqual([names.published]);
});

test("[O-7] the removal of a published message may tell each visitor of its own number only", () => {
  const remove = (scene: Scene) => {
    publish(scene);
    const { finding, ann: one, bob: other } = scene;
    const removal = (...targets: number[]): Entry => ({ seq: 6, at: 6 * minute, kind: "removal", targets });
    const removed = (seq: number) => ({ seq, at: seq * minute, kind: "removed" }) as Entry;
    const end = [notice(7, "join", late), notice(8, "leave", ann), notice(9, "leave", bob)];
    const [first, second, , fourth] = finding.entries as [Entry, Entry, Entry, Entry];
    finding.entries = [first, second, removed(3), fourth, removed(5), removal(3, 5), ...end];
    for (const [{ lines: log, shown }, seq] of [
      [one, 3],
      [other, 5],
    ] as const) {
      log.splice(-1, 0, ...lines(6 * minute - 500, 1, [heard(removal(seq))]));
      shown.splice(seq - 1, 1, removed(seq));
      shown.push(removal(seq));
    }
  };
  expect(broken(remove)).toEqual([]);
  const strange = (scene: Scene) => {
    remove(scene);
    const at = 6 * minute;
    scene.bob.shown.splice(5, 1, { seq: 6, at, kind: "removal", targets: [4] });
  };
  expect(broken(strange)).toEqual([names.unseen]);
});

/** The owner sets a welcome, which Ann and Bob are told. */
function setRules({ ann: one, bob: other, acts }: Scene, welcome: string, at: number): void {
  acts.push({ did: "rules", room: "lobby", welcome, from: at, at });
  const told = { is: "heard", event: "room:changed", body: { room: { id: "lobby", rules: { welcome } } } };
  for (const { lines: log } of [one, other]) log.splice(-1, 0, ...lines(at, 1, [told]));
}

test("[O-5] each member must have been told last of the rules that its room has", () => {
  const change = (scene: Scene) => {
    setRules(scene, "Be kind", 4.6 * minute);
    setRules(scene, "Be quiet", 4.8 * minute);
  };
  expect(broken(change)).toEqual([]);
  const silent = (scene: Scene) => {
    change(scene);
    scene.bob.lines.splice(-2, 1);
  };
  expect(broken(silent)).toEqual([names.untold]);
  const rejoined = (rules: object) => (scene: Scene) => {
    silent(scene);
    const cursor = { epoch: "e1", seq: 4 };
    const presence = { self: bob, members: [ann, bob], memberCount: 2, presenceSeq: 4 };
    const again = answered(8, { ...presence, room: { id: "lobby", rules }, entries: [], cursor });
    const question = asked(8, "room:join", { room: "lobby", cursor });
    scene.bob.lines.splice(-1, 0, ...lines(4.9 * minute, 2, [question, again]));
  };
  expect(broken(rejoined({ welcome: "Be quiet" }))).toEqual([]);
  const late = (scene: Scene) => {
    rejoined({ welcome: "Be quiet" })(scene);
    const body = { room: { id: "lobby", rules: { welcome: "Be kind" } } };
    scene.bob.lines.splice(-1, 0, ...lines(5 * minute, 1, [{ is: "heard", event: "room:changed", body }]));
  };
  expect(broken(late), "over a connection that is being left").toEqual([]);
  expect(broken(rejoined({ welcome: "Be kind" }))).toEqual([names.untold]);
  expect(broken(rejoined({}))).toEqual([names.untold]);
});

/** Replaces a notice by a crowd notice, in history and on all pages. */
const count = ({ finding: { entries } }: Scene, index: number, memberCount: number) => {
  const entry = entries[index];
  const [joined, left] = entry?.kind === "join" ? [1, 0] : [0, 1];
  if (entry) Object.assign(entry, { kind: "visits", by: undefined, joined, left, memberCount });
  if (entry && "by" in entry) delete (entry as { by?: Member }).by;
};

test("[F-4] a visitor that was only counted may be present and speak", () => {
  const counted = (scene: Scene) => {
    count(scene, 1, 2);
    count(scene, 6, 1);
  };
  expect(broken(counted)).toEqual([]);
  const tooMany = (scene: Scene) => {
    count(scene, 1, 3);
    count(scene, 6, 1);
  };
  expect(broken(tooMany)).toContain(names.members);
});

const breaches: [string, (scene: Scene) => void, string[]][] = [
  [
    "an acknowledged message that is not in history",
    ({ ann: { lines: log } }) => log.push(...lines(5 * minute, 1, [sent(5, "gone"), stored(5, 9)])),
    [names.lost],
  ],
  ["a page that lacks an entry", ({ bob: { shown } }) => shown.splice(2, 1), [names.unseen]],
  ["a page that lacks the newest", ({ bob: { shown } }) => shown.pop(), [names.unseen]],
  [
    "a page that shows something else",
    ({ bob: { shown } }) => shown.splice(3, 1, message(4, bob, "hm")),
    [names.unseen],
  ],
  [
    "a page that shows an entry twice",
    ({ bob: { shown } }) => shown.push(message(4, bob, "hi")),
    [names.repeated],
  ],
  [
    "a message of unknown outcome that is stored twice",
    ({ ann: { lines: log }, bob: { lines: bobLog }, finding }) => {
      log.splice(-1, 1, ...lines(5 * minute, 1, [sent(5, "twice")]));
      // Both leave later than before: otherwise a visitor would seem to have left without a cause.
      log.push(...lines(8 * minute, 1, [asked(9, "room:leave", {})]));
      bobLog.push(...lines(9 * minute, 1, [asked(10, "room:leave", {})]));
      finding.entries = [
        ...finding.entries.slice(0, 4),
        notice(5, "join", late),
        message(6, ann, "twice"),
        message(7, ann, "twice"),
        notice(8, "leave", ann),
        notice(9, "leave", bob),
      ];
    },
    [names.unseen, names.doubled],
  ],
  [
    "a message that no visitor sent",
    ({ finding, bob: { lines: log, shown } }) => {
      const said = message(4, bob, "never said");
      finding.entries.splice(3, 1, said);
      replace(log, 6, heard(said));
      shown.splice(3, 1, said);
    },
    [names.lost, names.unseen, names.phantom, names.order],
  ],
  [
    "a receipt with another number",
    ({ ann: { lines: log } }) => replace(log, 6, stored(2, 8)),
    [names.receipt],
  ],
  [
    "an entry that one visitor was given otherwise",
    ({ bob: { lines: log } }) => replace(log, 3, heard(message(3, ann, "hullo"))),
    [names.order],
  ],
  ["a number that history lacks", ({ finding }) => finding.entries.splice(4, 1), [names.order]],
  [
    "a message before one that had its ack before it was sent",
    ({ ann: { lines: log } }) => {
      const early = log.splice(4, 3);
      log.unshift(...early.map((line, index) => ({ ...line, at: 3 * minute + index })));
    },
    [names.realTime, names.holes],
  ],
  [
    "two messages of one sender the wrong way round",
    ({ bob: { lines: log }, finding }) => {
      replace(log, 4, sent(3, "never mind"), sent(2, "hi"));
      finding.entries.splice(2, 2, message(3, bob, "hi"), message(4, bob, "never mind"));
    },
    [names.lost, names.unseen, names.receipt, names.order, names.sender],
  ],
  [
    "a member that joins twice",
    ({ finding }) => finding.entries.splice(4, 1, notice(5, "join", bob)),
    [names.notices],
  ],
  [
    "a leave of a visitor who was there a moment before",
    ({ bob: { lines: log } }) =>
      log.splice(
        -1,
        1,
        ...lines(7 * minute - 2_000, 1, [{ is: "heard", event: "status:changed", body: {} }]),
      ),
    [names.notices],
  ],
  ["a member that is not listed", ({ finding }) => finding.membersWhenQuiet.pop(), [names.notices]],
  [
    "a notice under another name",
    ({ finding }) => finding.entries.splice(6, 1, notice(7, "leave", { ...bob, name: "Rob" })),
    [names.phantom],
  ],
  [
    "a join that was told of a visitor who is not there",
    ({ bob: { lines: log } }) =>
      replace(log, 2, joined(1, bob, [bob, late], [notice(1, "join", ann), notice(2, "join", bob)])),
    [names.members],
  ],
  [
    "a page that shows a visitor who has gone",
    ({ ann: shows }) => shows.members.push(late.id),
    [names.members],
  ],
  [
    "a join that was told of one member too many, with the right list",
    ({ bob: { lines: log } }) => {
      const entries = [notice(1, "join", ann), notice(2, "join", bob)];
      const people = { self: bob, members: [ann, bob], memberCount: 3, presenceSeq: 2 };
      replace(log, 2, answered(1, { ...people, entries, cursor: { epoch: "e1", seq: 2 } }));
    },
    [names.members],
  ],
  ["a page that scrolled back to less than the first", ({ bob: { shown } }) => shown.shift(), [names.unseen]],
  ["a ghost", ({ finding }) => finding.membersInTheEnd.push(bob.id), [names.notices]],
  ["a jump in what a connection is given", ({ ann: { lines: log } }) => log.splice(3, 1), [names.holes]],
  [
    "an entry that a connection is given twice",
    ({ ann: { lines: log } }) => log.splice(4, 0, ...lines(minute, 1, [heard(notice(2, "join", bob))])),
    [names.repeated],
  ],
  [
    "a gap although all is kept",
    ({ ann: { lines: log } }) => {
      const gap: Gap = { from: 2, to: 2, reason: "trimmed" };
      const body = { room: "lobby", gap, cursor: { epoch: "e1", seq: 2 } };
      replace(log, 3, { is: "heard", event: "feed:gap", body });
    },
    [names.gaps],
  ],
];

for (const [what, change, expected] of breaches)
  test(`the checker sees ${what}`, () => {
    expect(broken(change)).toEqual(expected);
  });

test("the checker sees a page that never came to rest", () => {
  expect(broken(() => undefined, ["writer 1 is not live"])).toEqual([names.unsent]);
});

test("a visitor that returns at the moment of its leave notice was away", () => {
  const back = ({ bob: { lines: log } }: Scene) =>
    log.splice(-1, 1, ...lines(7 * minute - 500, 2, [session(bob)]));
  expect(broken(back)).toEqual([]);
});

test("every run deals every kind of fault, in an order that its seed plays again", () => {
  const order = (seconds: number, seed: number) => planFaults(seconds, seed).map(({ name }) => name);
  for (const seed of [1, 2, 3]) {
    expect(new Set(order(20, seed)).size).toBe(faults.length);
    expect(order(20, seed)).toEqual(order(20, seed));
  }
  expect(order(20, 1)).not.toEqual(order(20, 2));
  expect(order(120, 1).length).toBeGreaterThan(order(20, 1).length);
});
