import { answersIn, type VisitorLog } from "./log";

/** How long visitors were without their room, or without the store, in milliseconds; one number for each time. */
export type Recoveries = { room: number[]; store: number[] };

export function recoveriesOf(visitors: readonly VisitorLog[]): Recoveries {
  return { room: visitors.flatMap(backInRoom), store: visitors.flatMap(backInStore) };
}

/** From the end of a visitor's last joined connection to the answer to its next join. */
function backInRoom(log: VisitorLog): number[] {
  const joins = new Map(
    answersIn(log)
      .filter(({ answer, question }) => answer.ok && question.command === "room:join")
      .map(({ ask, connection }) => [ask, connection]),
  );
  const joined = new Set<number>();
  const times: number[] = [];
  let lostAt: number | undefined;
  for (const line of log.lines) {
    if (line.is === "ended" && joined.delete(line.connection) && joined.size === 0) lostAt = line.at;
    if (line.is !== "answered" || !joins.has(line.ask)) continue;
    if (lostAt !== undefined) times.push(line.at - lostAt);
    lostAt = undefined;
    joined.add(line.connection);
  }
  return times;
}

/** From the first send that the store's absence refused to the next message that is stored. */
function backInStore(log: VisitorLog): number[] {
  const times: number[] = [];
  let lostAt: number | undefined;
  for (const { at, answer, question } of answersIn(log)) {
    if (question.command !== "message:send") continue;
    if (!answer.ok && answer.error.code === "unavailable") lostAt ??= question.at;
    if (!answer.ok || lostAt === undefined) continue;
    times.push(at - lostAt);
    lostAt = undefined;
  }
  return times;
}
