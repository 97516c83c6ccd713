import { type ReactNode, useCallback, useRef, useState } from "react";
import { useOnDemand } from "../ui/on-demand";
import type { ChatClient } from "./client/chat-client";
import type { ChatState } from "./state/chat-state";
import type { OpenSheet, SheetProps, SheetTarget } from "./visitor-sheet";

const loadReport = () => import("./moderation/report-sheet");
const loadTools = () => import("./moderation/visitor-tools");

type Opened = { target: SheetTarget; opener: HTMLElement; times: number };

/** What a visitor can do about another one: report a message; for owner and moderators, their tools. */
export function useVisitorSheet(client: ChatClient, state: ChatState): { open: OpenSheet; sheet: ReactNode } {
  const report = useOnDemand<SheetProps>(loadReport);
  const tools = useOnDemand<SheetProps>(loadTools);
  const { Part, show, hide } = state.presence.self?.role ? tools : report;
  const [opened, setOpened] = useState<Opened>();
  const latest = useRef(show);
  latest.current = show;

  const open = useCallback<OpenSheet>((target, from) => {
    setOpened((before) => ({ target, opener: from.currentTarget, times: (before?.times ?? 0) + 1 }));
    latest.current(from);
  }, []);

  return {
    /** The same function while the component is mounted. */
    open,
    sheet: Part && opened && <Part key={opened.times} {...{ ...opened, client, state }} onClose={hide} />,
  };
}
