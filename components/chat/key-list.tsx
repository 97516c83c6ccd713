import { Dialog } from "../ui/dialog";
import { useWords } from "../words/words";

const rows = [
  { keys: ["Enter"], does: "keys.send" },
  { keys: ["Shift", "Enter"], does: "keys.line" },
  { keys: ["↑"], does: "keys.again" },
  { keys: ["Esc"], does: "keys.cancel" },
  { keys: ["Tab"], does: "keys.next" },
  { keys: ["↑", "↓"], does: "keys.rows" },
  { keys: ["Home", "End"], does: "keys.ends" },
  { keys: ["A", "B", "C"], does: "keys.write" },
  { keys: ["?"], does: "keys.list" },
] as const;

/** All keys of the chat. */
export default function KeyList({ onClose }: { onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog shape="sheet" title={t("keys.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <dl className="key-list">
        {rows.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
