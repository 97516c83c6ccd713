import type { MessageEntry, Receipt } from "../../protocol/events";
import { answersIn, type Evidence, type Finding, type VisitorLog, visitorOf } from "./log";

/** The breaches in the fate of sent messages; the wire's rules C-2, C-3, F-3 and ID-2. */
export type MessageBreaches = {
  lost: string[];
  receipts: string[];
  doubled: string[];
  phantoms: string[];
  realTime: string[];
  senders: string[];
};

/** A message from its first try on; `ackedAt` is when its sender first learned that it is stored. */
export type Sending = {
  key: string;
  author: string;
  room: string;
  text: string;
  askedAt: number;
  ackedAt: number | undefined;
  receipts: readonly Receipt[];
};

/** Map.groupBy, which Node 20 lacks. */
function groupBy<Thing>(
  things: readonly Thing[],
  keyOfThing: (thing: Thing) => string,
): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const group = groups.get(keyOfThing(thing)) ?? [];
    groups.set(keyOfThing(thing), [...group, thing]);
  }
  return groups;
}

const keyOf = (author: string, clientMessageId: string): string => `${author}/${clientMessageId}`;

/** Every message that a visitor tried to send, in the order of the first tries. */
export function sendingsOf(log: VisitorLog): Sending[] {
  const author = visitorOf(log);
  const sendings = new Map<string, Sending>();
  const acks = answersIn(log).filter(
    ({ answer, question }) => answer.ok && question.command === "message:send",
  );
  const acksOf = groupBy(acks, ({ question }) => String(question.input.clientMessageId));
  for (const line of log.lines) {
    if (line.is !== "asked" || line.command !== "message:send") continue;
    const id = String(line.input.clientMessageId);
    if (sendings.has(id)) continue;
    const own = acksOf.get(id) ?? [];
    sendings.set(id, {
      key: keyOf(author, id),
      author,
      room: log.room,
      text: String(line.input.text),
      askedAt: line.at,
      ackedAt: own[0]?.at,
      receipts: own.map(({ answer }) => answer as { ok: true } & Receipt),
    });
  }
  return [...sendings.values()];
}

export function judgeMessages({ visitors, findings }: Evidence): MessageBreaches {
  const breaches: MessageBreaches = {
    lost: [],
    receipts: [],
    doubled: [],
    phantoms: [],
    realTime: [],
    senders: [],
  };
  for (const finding of findings) {
    const sendings = visitors.filter(({ room }) => room === finding.room).map(sendingsOf);
    judgeRoom(finding, sendings, breaches);
  }
  return breaches;
}

function judgeRoom({ room, entries }: Finding, bySender: Sending[][], breaches: MessageBreaches): void {
  const messages = entries.filter((entry) => entry.kind === "message");
  const stored = groupBy(messages, ({ by, clientMessageId }) => keyOf(by.id, clientMessageId));
  const removed = new Set(entries.filter(({ kind }) => kind === "removed").map(({ seq }) => seq));
  const sent = new Map(bySender.flat().map((sending) => [sending.key, sending]));

  for (const [key, copies] of stored) {
    const sending = sent.get(key);
    const seqs = copies.map(({ seq }) => seq).join(" and ");
    const fate = sending?.ackedAt === undefined ? "whose outcome nobody was told, " : "";
    if (copies.length > 1) breaches.doubled.push(`${room}: ${key}, ${fate}stands under ${seqs}`);
    if (sending === undefined || copies.some(({ text }) => text !== sending.text))
      breaches.phantoms.push(`${room}: nobody sent what stands under ${seqs}`);
  }
  for (const { key, ackedAt, receipts } of sent.values()) {
    const [copy] = stored.get(key) ?? [];
    const isRemoved = receipts.some(({ seq }) => removed.has(seq));
    if (ackedAt !== undefined && copy === undefined && !isRemoved)
      breaches.lost.push(`${room}: ${key} was acknowledged and is not there`);
    for (const { seq, at } of receipts)
      if (copy !== undefined && (seq !== copy.seq || at !== copy.at))
        breaches.receipts.push(`${room}: ${key} was acknowledged as ${seq} and is ${copy.seq}`);
  }
  judgeRealTime(room, messages, sent, breaches);
  for (const sendings of bySender) judgeSender(room, sendings, stored, breaches);
}

/** F-3: an acknowledged message comes before every message that was first tried after its ack. */
function judgeRealTime(
  room: string,
  messages: readonly MessageEntry[],
  sent: ReadonlyMap<string, Sending>,
  { realTime }: MessageBreaches,
): void {
  let latest: Sending | undefined;
  for (const { seq, by, clientMessageId } of messages) {
    const sending = sent.get(keyOf(by.id, clientMessageId));
    if (sending === undefined) continue;
    if (latest !== undefined && sending.ackedAt !== undefined && sending.ackedAt < latest.askedAt)
      realTime.push(
        `${room}: ${latest.key} was sent after ${sending.key} (${seq}) had its ack, and is before it`,
      );
    if (latest === undefined || sending.askedAt > latest.askedAt) latest = sending;
  }
}

function judgeSender(
  room: string,
  sendings: readonly Sending[],
  stored: ReadonlyMap<string, readonly MessageEntry[]>,
  { senders }: MessageBreaches,
): void {
  let last = 0;
  for (const { key } of sendings) {
    const seq = stored.get(key)?.[0]?.seq;
    if (seq === undefined) continue;
    if (seq < last) senders.push(`${room}: ${key} is ${seq}, behind what its sender wrote before it`);
    last = Math.max(last, seq);
  }
}
