import type { WireError } from "../../protocol/events";
import { inTime } from "../rooms/ago";
import { useLocale, useWords } from "../words/words";
import { type FormError, fieldLengths, otherError } from "./form-errors";

/** Puts errors into the reader's language. */
export function useSaying() {
  const t = useWords();
  const locale = useLocale();
  const formError = ({
    at = "form",
    key,
    code = "internal",
    retryAfterMs = 0,
  }: Omit<FormError, "at"> & Partial<FormError>): string =>
    t(key, { ...fieldLengths[at], reason: t(`error.${code}`), when: inTime(retryAfterMs, locale) });
  return { formError, error: (error: WireError): string => formError(otherError(error)) };
}
