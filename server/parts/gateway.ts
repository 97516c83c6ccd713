import type { Forgetting } from "../accounts/forgetting";
import { accountActions } from "../gateway/account-actions";
import type { AdmissionSettings } from "../gateway/admission";
import { Gateway } from "../gateway/gateway";
import { JsonRequests } from "../gateway/json-requests";
import { ownerActions } from "../gateway/owner-actions";
import { RefusalLog } from "../gateway/refusal-log";
import type { Reach } from "../lib/reach";
import {
  anyWaiting,
  commandRate,
  floodRates,
  handshakeRate,
  maxWaiting,
  politeRefusalRate,
  rareCommandRates,
} from "../rates";
import { type Base, rateOf, ratesOf } from "./base";
import type { composeDirect } from "./direct";
import type { Limits } from "./limits";
import type { Moderated } from "./moderation";
import type { composeOversight } from "./oversight";
import type { composeRooms } from "./rooms";
import type { composeVisitors } from "./visitors";
import type { Hooked } from "./webhook";

type Composed = Limits &
  ReturnType<typeof composeVisitors> &
  Moderated &
  ReturnType<typeof composeRooms> &
  ReturnType<typeof composeOversight> &
  Hooked &
  ReturnType<typeof composeDirect> & { forgetting: Forgetting; store: Reach };

/** The edge: the chat's sockets, and the accounts' requests. */
export function composeGateway(base: Base, composed: Composed) {
  const { config, clock, logger, metrics, networkSecret } = base;
  const { allowedOrigins, isOriginRequired, trustedProxyHops, areAddressesLogged } = config;
  const limits = config.rateLimits;
  const { connectionsPerAddress } = limits ?? {};
  const admission: AdmissionSettings = {
    allowedOrigins,
    isOriginRequired,
    trustedProxyHops,
    connectionsPerAddress,
  };
  const refusals = new RefusalLog({ logger, clock, secret: networkSecret, areAddressesLogged });
  const gateway = new Gateway(admission, {
    ...composed,
    broker: base.stores.broker,
    delivered(room, entries) {
      metrics.delivered(entries.length);
      composed.activity.appended(room, entries);
      composed.counting.delivered(room, entries);
      composed.firstMessages?.delivered(room, entries);
    },
    handshakes: rateOf(base, handshakeRate),
    politeRefusals: rateOf(base, politeRefusalRate),
    commandRate: rateOf(base, commandRate),
    rareCommands: ratesOf(base, rareCommandRates),
    floods: limits && floodRates,
    queueBounds: limits === undefined ? anyWaiting : maxWaiting,
    refusals,
    clock,
    logger,
    metrics,
    siteLanguage: base.content.site.languages.original,
    random: Math.random,
  });
  const requests = { settings: admission, clock, logger, refused: metrics.refused };
  return {
    admission,
    refusals,
    gateway,
    accountRequests: new JsonRequests(requests, accountActions(composed.accounts)),
    ownerRequests: new JsonRequests(requests, ownerActions(composed)),
  };
}
