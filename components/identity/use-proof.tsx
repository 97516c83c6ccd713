import { type ReactNode, useState } from "react";
import type { Ack } from "../../protocol/events";
import { PasswordForm } from "./password-form";
import { useSaying } from "./use-saying";

type Act = (password?: string) => Promise<Ack<object>>;
type Wanted = { yes: string; act: Act };

/**
 * For what the server may want the password of an account for once more. `prove` carries it out without; when that is not
 * enough, `form` is what to show in place of the buttons.
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
