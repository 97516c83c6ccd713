import type { WireError } from "../../protocol/events";
import { inTime } from "../rooms/ago";
import { useLocale, useWords } from "../words/words";
import { type Fault, otherFault } from "./faults";

/** Puts faults into the reader's language. */
export function useSaying() {
  const t = useWords();
  const locale = useLocale();
  const fault = ({ key, code = "internal", retryAfterMs = 0 }: Omit<Fault, "at">): string =>
    t(key, { reason: t(`error.${code}`), when: inTime(retryAfterMs, locale) });
  return { fault, error: (error: WireError): string => fault(otherFault(error)) };
}
