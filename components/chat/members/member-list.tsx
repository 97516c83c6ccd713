import { memo } from "react";
import type { Member } from "../../../protocol/events";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { usePart } from "../../ui/on-demand";
import { PageLink } from "../../ui/page-link";
import { useLocale, useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import { directPath } from "../room-address";
import type { Presence } from "../state/presence";
import type { OpenSheet } from "../visitor-sheet";
import { hide, showAgain, useHidden } from "./hidden-visitors";
import { MemberName } from "./member-name";

type Props = Pick<Presence, "members" | "count"> & {
  self: Member | undefined;
  readMore: ChatClient["readMembers"];
  /** Opens the tools of owner and moderators; `undefined` for others. */
  moderate?: OpenSheet | undefined;
};

const loadMore = () => import("./more-members");

/**
 * The members: this visitor first, then by name. The list may be shorter than the count. Rendered again only when it
 * changes: each message changes the presence, of which it is given no more than it needs, but rarely the members.
 */
export const MemberList = memo(function MemberList({ self, members, count, readMore, moderate }: Props) {
  const t = useWords();
  const locale = useLocale();
  const others = [...members.values()]
    .filter((member) => member.id !== self?.id)
    .sort((a, b) => a.name.localeCompare(b.name, locale));
  const listed = self ? [self, ...others] : others;
  const unlisted = count - listed.length;
  const More = usePart(loadMore, unlisted > 0);
  return (
    <>
      <ul aria-label={t("chat.members")} tabIndex={-1} className="member-list">
        {listed.map((member) => (
          <MemberItem key={member.id} member={member} isSelf={member.id === self?.id} moderate={moderate} />
        ))}
      </ul>
      {unlisted > 0 &&
        (More ? (
          <More count={unlisted} read={readMore} />
        ) : (
          <p className="fine-print">{t("chat.unlisted", { count: unlisted })}</p>
        ))}
    </>
  );
});

type ItemProps = Pick<Props, "moderate"> & { member: Member; isSelf: boolean };

/** Rendered again only when the member changes: in a crowd the list changes often. */
const MemberItem = memo(function MemberItem({ member, isSelf, moderate }: ItemProps) {
  const t = useWords();
  const isHidden = useHidden().has(member.id);
  return (
    <li title={member.name} className={isHidden ? "member-hidden" : undefined}>
      <MemberName member={member} />
      {isSelf && (
        <span className="fine-print member-self">
          <span>{" ("}</span>
          <PageLink href="/me">{t("chat.you")}</PageLink>
          <span>)</span>
        </span>
      )}
      {!isSelf && (
        <>
          {isHidden && <span className="visually-hidden">{` (${t("hidden.mark")})`}</span>}
          {/* One button, so that it keeps the focus. */}
          <button
            type="button"
            aria-label={t(isHidden ? "hidden.showOf" : "hidden.hideOf", { name: member.name })}
            title={isHidden ? undefined : t("hidden.hide")}
            className={isHidden ? "talk-link" : "icon-button hide-button"}
            onClick={() => (isHidden ? showAgain(member.id) : hide(member))}
          >
            {isHidden ? t("hidden.show") : <Icon name="hide" />}
          </button>
          {!isHidden && (
            <PageLink
              href={directPath(member.id)}
              aria-label={t("direct.messageTo", { name: member.name })}
              title={t("direct.message")}
              className="icon-button"
            >
              <Icon name="talk" />
            </PageLink>
          )}
          {moderate && (
            <IconButton
              label={t("action.of", { action: t("moderation.tools"), name: member.name })}
              icon="shield"
              onClick={(event) => moderate({ member }, event)}
            />
          )}
        </>
      )}
    </li>
  );
});
