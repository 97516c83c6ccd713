import { useEffect, useRef, useState } from "react";
import { AskedTwice } from "../ui/asked-twice";
import { Sentence, useWords } from "../words/words";
import { AccountEntry } from "./account-entry";
import { DeviceList } from "./device-list";
import type { IdentityClient } from "./identity-client";
import type { Self } from "./identity-state";
import { PasswordChange } from "./password-change";
import { useProof } from "./use-proof";
import { useSaying } from "./use-saying";

type Client = Pick<
  IdentityClient,
  "signUp" | "logIn" | "logOut" | "deleteAccount" | "changePassword" | "devices" | "endDevice"
>;
type Props = { self: Self; client: Client };

/** The optional account: a handle and a password. */
export function AccountSection({ self: { handle, lasting }, client }: Props) {
  const t = useWords();
  const [changes, setChanges] = useState(0);
  return (
    <section aria-labelledby="account-title" className="me-section">
      <h2 id="account-title">{t(handle === undefined ? "account.title" : "account.mine")}</h2>
      {handle === undefined ? (
        <>
          <p>{t("account.text")}</p>
          {!lasting && <p className="me-aside">{t("account.passing")}</p>}
          <AccountEntry client={client} />
        </>
      ) : (
        <>
          <p>
            <Sentence
              of="account.yours"
              values={{ handle: <bdi className="account-handle">{handle}</bdi> }}
            />
          </p>
          {!lasting && <p className="me-aside">{t("account.passing")}</p>}
          {/* A password change may have logged out some devices. */}
          <DeviceList key={changes} handle={handle} client={client} />
          <AccountSteps handle={handle} client={client} onChanged={() => setChanges(changes + 1)} />
        </>
      )}
    </section>
  );
}

type StepsProps = { handle: string; client: Client; onChanged: () => void };

function AccountSteps({ handle, client, onChanged }: StepsProps) {
  const t = useWords();
  const say = useSaying();
  const { prove, form } = useProof(handle);
  const [isChanging, setChanging] = useState<boolean>();
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (isChanging === false) opener.current?.focus();
  }, [isChanging]);

  async function logOut(): Promise<string | undefined> {
    const answer = await client.logOut();
    return answer.ok ? undefined : say.error(answer.error);
  }

  if (form) return form;
  if (isChanging)
    return (
      <PasswordChange
        handle={handle}
        send={client.changePassword}
        onDone={() => {
          setChanging(false);
          onChanged();
        }}
        onCancel={() => setChanging(false)}
      />
    );
  return (
    <div className="me-actions">
      <button ref={opener} type="button" className="quiet-button" onClick={() => setChanging(true)}>
        {t("account.changePassword")}
      </button>
      <AskedTwice
        label={t("account.logOut")}
        question={t("account.logOutAsk")}
        yes={t("account.logOut")}
        no={t("me.cancel")}
        act={logOut}
      />
      <AskedTwice
        label={t("account.delete")}
        question={t("account.deleteAsk")}
        yes={t("account.deleteYes")}
        no={t("me.cancel")}
        act={() => prove(t("account.deleteYes"), client.deleteAccount)}
      />
    </div>
  );
}
