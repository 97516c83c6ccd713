import { MoreMenu } from "../ui/more-menu";
import { useWords } from "../words/words";

type Choose = (opener: { currentTarget: HTMLElement }) => void;
type Props = {
  onSettings: Choose;
  /** Without it the room cannot be closed. */
  onClose: Choose | undefined;
};

/** What only those can do who keep a room: its maker, the site's owner and moderators. */
export default function OwnerMenu({ onSettings, onClose }: Props) {
  const t = useWords();
  const settings = { label: t("settings.title"), onChoose: onSettings };
  const close = onClose && { label: t("room.close"), onChoose: onClose };
  return <MoreMenu label={t("room.more")} items={[settings, ...(close ? [close] : [])]} />;
}
