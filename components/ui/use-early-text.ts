import { type RefObject, useEffect, useRef } from "react";

/** Takes over text that was typed into a field before the page's scripts ran. */
export function useEarlyText(
  field: RefObject<HTMLInputElement | null>,
  onChange: (value: string) => void,
): void {
  const take = useRef(onChange);
  useEffect(() => {
    const { value = "" } = field.current ?? {};
    if (value) take.current(value);
  }, [field]);
}
