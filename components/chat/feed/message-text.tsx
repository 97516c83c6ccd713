import { useState } from "react";
import { useTextLanguage, useWords } from "../../words/words";
import { shownAddress } from "./addresses";
import { withoutBlankRuns } from "./blank-runs";
import { isEmojiAlone, isLong, partsOfText } from "./text-parts";

/** A message's text, as text nodes only, never HTML. A long one shows its beginning until the visitor unfolds it. */
export function MessageText({ text: sent }: { text: string }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const text = withoutBlankRuns(sent);
  const lang = useTextLanguage(text);
  const isFoldable = isLong(text);
  const look = isFoldable
    ? isOpen
      ? " message-open"
      : " message-cut"
    : isEmojiAlone(text)
      ? " message-emoji"
      : "";
  return (
    <>
      <bdi key={text} dir="auto" lang={lang} className={`message-text${look}`}>
        {partsOfText(text).map(({ kind, text: part }, index) => {
          // biome-ignore-start lint/suspicious/noArrayIndexKey: a text's parts never change their places
          switch (kind) {
            case "link":
              return (
                <a key={index} href={part} target="_blank" rel="noopener nofollow ugc">
                  {shownAddress(part)}
                </a>
              );
            case "code":
              return <code key={index}>{part}</code>;
            case "block":
              return (
                <code key={index} className="code-block">
                  {part}
                </code>
              );
            default:
              return part;
          }
          // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
        })}
      </bdi>
      {isFoldable && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="text-button message-unfold"
          onClick={(event) => {
            setOpen(!isOpen);
            // Fires the event that the browser fires for `details`: the feed then checks where its view is.
            event.currentTarget.dispatchEvent(new Event("toggle"));
          }}
        >
          {t(isOpen ? "message.less" : "message.more")}
        </button>
      )}
    </>
  );
}
