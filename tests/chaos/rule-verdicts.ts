import type { JoinAnswer, Room, RoomId } from "../../protocol/events";
import { type Act, answersIn, type Evidence, type VisitorLog } from "./log";

/** O-5: once all is quiet, each member was last told of the rules that its room has. */
export function judgeRules({ visitors, findings, acts }: Evidence): string[] {
  return findings.flatMap(({ room }) => {
    const welcomes = lastWelcomes(room, acts);
    const there = visitors.filter((visitor) => visitor.room === room && visitor.shown !== undefined);
    return there.flatMap((visitor) => {
      const told = lastTold(visitor)?.rules?.welcome;
      const isRight = welcomes.length === 0 || (told !== undefined && welcomes.includes(told));
      return isRight
        ? []
        : [`${visitor.label} in ${room} was last told ${told}, not ${welcomes.join(" or ")}`];
    });
  });
}

/** Of changes that were made at the same time, each may be the last. */
function lastWelcomes(room: RoomId, acts: readonly Act[]): string[] {
  const changes = acts.flatMap((act) => (act.did === "rules" && act.room === room ? [act] : []));
  return changes.filter(({ at }) => !changes.some(({ from }) => from > at)).map(({ welcome }) => welcome);
}

/** The room as the connection that joined last was last told of it: in the answer to its join, or when it changed. */
function lastTold(visitor: VisitorLog): Room | undefined {
  const join = answersIn(visitor).findLast(
    ({ answer, question }) => answer.ok && question.command === "room:join",
  );
  if (join === undefined) return undefined;
  const change = visitor.lines.findLast(
    (line) => line.is === "heard" && line.event === "room:changed" && line.connection === join.connection,
  );
  const isLater = change?.is === "heard" && change.at >= join.at;
  return isLater ? (change.body as { room: Room }).room : (join.answer as { ok: true } & JoinAnswer).room;
}
