import { useRouter } from "next/router";
import { type ComponentType, type MouseEvent, useRef, useState } from "react";
import type { RoomId } from "../../protocol/events";
import type { RoomPanel } from "../chat/room-panel";
import { useHereCount } from "./use-here-count";

type Panel = ComponentType<Parameters<typeof RoomPanel>[0]>;

/** The room of a post: how many are in it, and its panel once it has been asked for. Its script is loaded only then. */
export function usePostRoom(room: RoomId) {
  const router = useRouter();
  const opener = useRef<HTMLElement>(null);
  const [Panel, setPanel] = useState<Panel>();
  const [isOpen, setOpen] = useState(false);
  const [count, setCount] = useHereCount(room, !isOpen);

  function open(event: MouseEvent<HTMLElement>): void {
    opener.current = event.currentTarget;
    setOpen(true);
    import("../chat/room-panel").then(
      (loaded) => setPanel(() => loaded.RoomPanel),
      // A newer version of the site has other scripts: the room's own page is loaded whole.
      () => router.push(`/chat/${room}`),
    );
  }

  function close(): void {
    setOpen(false);
    opener.current?.focus();
  }

  return { room, count, setCount, isOpen, open, close, Panel: isOpen ? Panel : undefined };
}
