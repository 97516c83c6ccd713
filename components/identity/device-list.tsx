import { useEffect, useState } from "react";
import { agoOf, isNow } from "../rooms/ago";
import { AskedTwice } from "../ui/asked-twice";
import { useLocale, useWords } from "../words/words";
import type { DeviceAnswer } from "./account-requests";
import type { IdentityClient } from "./identity-client";
import { useProof } from "./use-proof";
import { useSaying } from "./use-saying";

type Props = { handle: string; client: Pick<IdentityClient, "devices" | "endDevice"> };

/** The devices on which the account is logged in, each with a button to log it out. */
export function DeviceList({ handle, client }: Props) {
  const t = useWords();
  const say = useSaying();
  const locale = useLocale();
  const { prove, form } = useProof(handle);
  const [devices, setDevices] = useState<DeviceAnswer[]>();
  const [why, setWhy] = useState<string>();
  const [now, setNow] = useState(0);

  const seenOf = (at: number): string =>
    isNow(at, now) ? t("devices.seenNow") : t("devices.seen", { when: agoOf(at, now, locale) });

  async function refresh(): Promise<void> {
    const answer = await client.devices();
    setNow(Date.now());
    if (answer.ok) setDevices(answer.devices);
    else setWhy(say.error(answer.error));
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is shown
  useEffect(() => void refresh(), []);

  async function end(device: string, password?: string) {
    const answer = await client.endDevice(device, password);
    if (answer.ok) await refresh();
    return answer;
  }

  return (
    <section aria-labelledby="devices-title">
      <h3 id="devices-title" className="me-subtitle">
        {t("devices.title")}
      </h3>
      <p role="alert" className="form-error">
        {why}
      </p>
      {form || (
        <ul className="me-devices">
          {devices?.map(({ id, name, seenAt, isThis }) => (
            <li key={id}>
              <p>
                <span>{name || t("devices.unknown")}</span>
                <span className="fine-print">{isThis ? t("devices.this") : seenOf(seenAt)}</span>
              </p>
              {!isThis && (
                <AskedTwice
                  label={t("devices.end")}
                  question={t("devices.endAsk", { name: name || t("devices.unknown") })}
                  yes={t("devices.end")}
                  no={t("me.cancel")}
                  act={() => prove(t("devices.end"), (password) => end(id, password))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
