import { partsOfText } from "./text-parts";

/** What somebody wrote: text nodes only, however it looks. */
export function MessageText({ text }: { text: string }) {
  return (
    <bdi dir="auto" className="message-text">
      {partsOfText(text).map(({ kind, text: part }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: a text's parts never change their places
        switch (kind) {
          case "link":
            return (
              <a key={index} href={part} target="_blank" rel="noopener nofollow ugc">
                {part}
              </a>
            );
          case "code":
            return <code key={index}>{part}</code>;
          case "block":
            return (
              <code key={index} className="block">
                {part}
              </code>
            );
          default:
            return part;
        }
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </bdi>
  );
}
