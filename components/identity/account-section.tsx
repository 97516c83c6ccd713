import { AskedTwice } from "../ui/asked-twice";
import { Sentence, useWords } from "../words/words";
import { AccountEntry } from "./account-entry";
import type { IdentityClient, Self } from "./identity-client";
import { useSaying } from "./use-saying";

type Props = {
  self: Self;
  client: Pick<IdentityClient, "signUp" | "logIn" | "logOut" | "deleteAccount">;
};

/** A handle and a password, for whoever wants them. */
export function AccountSection({ self: { handle, lasting }, client }: Props) {
  const t = useWords();
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
            <Sentence of="account.yours" values={{ handle: <bdi className="font-semibold">{handle}</bdi> }} />
          </p>
          {!lasting && <p className="me-aside">{t("account.passing")}</p>}
          <AccountExit client={client} />
        </>
      )}
    </section>
  );
}

function AccountExit({ client }: Pick<Props, "client">) {
  const t = useWords();
  const say = useSaying();
  const step = (act: IdentityClient["logOut"]) => async () => {
    const answer = await act();
    return answer.ok ? undefined : say.error(answer.error);
  };
  return (
    <div className="me-actions">
      <AskedTwice
        label={t("account.logOut")}
        question={t("account.logOutAsk")}
        yes={t("account.logOut")}
        no={t("me.cancel")}
        act={step(client.logOut)}
      />
      <AskedTwice
        label={t("account.delete")}
        question={t("account.deleteAsk")}
        yes={t("account.deleteYes")}
        no={t("me.cancel")}
        act={step(client.deleteAccount)}
      />
    </div>
  );
}
