import { useEffect, useState } from "react";
import type { RoomId } from "../../protocol/events";
import css from "../../styles/owner/owner-view.module.css";
import type { Refusal } from "../chat/client/refusal";
import { useClient } from "../chat/client/use-client";
import { ConnectionStatus } from "../chat/connection-status";
import { useWords } from "../words/words";
import { initialOwner, openBrowserOwner } from "./owner-client";
import { SignIn } from "./sign-in";
import { StaffView } from "./staff-view";
import { useGivenKey } from "./use-given-key";

type Titles = Readonly<Record<RoomId, string>>;

/** The page of the owner and moderators; a visitor that is neither sees how to sign in, and nothing else. */
export function OwnerView({ titles }: { titles: Titles }) {
  const { isTaken, key } = useGivenKey();
  // Nothing is asked while the key is in the address.
  return isTaken ? <ConnectedView given={key} titles={titles} /> : <Waiting />;
}

function ConnectedView({ given, titles }: { given: string | undefined; titles: Titles }) {
  const { client, state } = useClient(openBrowserOwner, initialOwner);
  const { who } = state;
  const link = useKeyOfLink(given, client.signIn, who.is !== "asking");
  return (
    <>
      {who.is === "asking" && <Waiting />}
      {who.is === "staff" && (
        <StaffView client={client} state={state} overview={who.overview} titles={titles} />
      )}
      {who.is === "stranger" && (
        <SignIn signIn={client.signIn} isTrying={link.isTrying} refusal={link.refusal} />
      )}
      <ConnectionStatus state={state} onRetry={client.reconnect} />
    </>
  );
}

function Waiting() {
  const t = useWords();
  return (
    <>
      <h1 className="page-title">{t("owner.title")}</h1>
      <p className={css.waiting}>{t("owner.loading")}</p>
    </>
  );
}

/** Signs in with the key of a link, once the server has said who this visitor is. */
function useKeyOfLink(
  given: string | undefined,
  signIn: (key: string) => Promise<Refusal>,
  isReady: boolean,
) {
  const [tried, setTried] = useState<{ key: string; refusal?: Refusal }>();
  useEffect(() => {
    if (given === undefined || !isReady) return;
    void signIn(given).then((refusal) => setTried({ key: given, refusal }));
  }, [given, isReady, signIn]);
  return { isTrying: given !== undefined && tried?.key !== given, refusal: tried?.refusal };
}
