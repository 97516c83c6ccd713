import { MoreMenu } from "../ui/more-menu";
import { useWords } from "../words/words";

type Props = { onClose: (opener: { currentTarget: HTMLElement }) => void };

/** What only the owner of a room can do. */
export default function OwnerMenu({ onClose }: Props) {
  const t = useWords();
  return <MoreMenu label={t("room.more")} items={[{ label: t("room.close"), onChoose: onClose }]} />;
}
