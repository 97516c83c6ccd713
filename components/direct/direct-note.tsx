import type { ReactNode } from "react";
import type { Member } from "../../protocol/events";
import { MemberName } from "../chat/members/member-name";
import { Sentence, useWords } from "../words/words";
import type { DirectClient } from "./direct-client";

type Props = { why: "hasBlocked" | "isRefused" | "isWaiting"; partner: Member; block: DirectClient["block"] };

/** Tells why the visitor cannot write to the partner now. */
export function DirectNote({ why, partner, block }: Props): ReactNode {
  const t = useWords();
  return (
    <p key={why} role="status" className="room-over">
      <span tabIndex={-1}>
        <Sentence of={`direct.${why}`} values={{ name: <MemberName member={partner} /> }} />
      </span>{" "}
      {why === "hasBlocked" && (
        <button type="button" className="text-button" onClick={() => void block(false)}>
          {t("direct.unblock")}
        </button>
      )}
    </p>
  );
}
