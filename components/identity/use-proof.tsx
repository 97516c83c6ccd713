import { type ReactNode, useState } from "react";
import type { Ack } from "../../protocol/events";
import { PasswordForm } from "./password-form";
import { useSaying } from "./use-saying";

type Act = (password?: string) => Promise<Ack<object>>;
type Wanted = { yes: string; act: Act };

/**
 * For actions that may need the account's password again. `prove` tries without it; when the server asks for it, `form`
 * replaces the buttons.
 */
export function useProof(handle: string | undefined): {
  prove: (yes: string, act: Act) => Promise<string | undefined>;
  form: ReactNode;
} {
  const say = useSaying();
  const [wanted, setWanted] = useState<Wanted>();

  async function prove(yes: string, act: Act): Promise<string | undefined> {
    const answer = await act();
    if (answer.ok) return undefined;
    if (handle === undefined || answer.error.code !== "forbidden") return say.error(answer.error);
    setWanted({ yes, act });
    return undefined;
  }

  const leave = () => setWanted(undefined);
  const form = wanted && handle !== undefined && (
    <PasswordForm handle={handle} yes={wanted.yes} act={wanted.act} onDone={leave} onCancel={leave} />
  );
  return { prove, form };
}
