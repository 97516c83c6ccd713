import type { VisitorId } from "../../protocol/events";
import { CopyButton } from "../chat/copy-button";
import { useWords } from "../words/words";

/** The visitor's id, to be given to those who may start a conversation. */
export function OwnId({ id }: { id: VisitorId | undefined }) {
  const t = useWords();
  return (
    <p className="own-id">
      <span className="own-id-label">{t("direct.ownId")}</span>
      {id === undefined ? (
        <span aria-hidden="true" className="row-skeleton" />
      ) : (
        <>
          <code>{id}</code>
          <CopyButton
            label={t("direct.copyId")}
            doneLabel={t("direct.idCopied")}
            icon="copy"
            text={() => id}
          />
        </>
      )}
    </p>
  );
}
