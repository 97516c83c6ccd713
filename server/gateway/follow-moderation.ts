import type { Moderation } from "../moderation/moderation";
import type { Connections } from "./connections";

type Followed = Pick<Moderation, "onBans" | "onExpelled"> & {
  knownReports: Pick<Moderation["knownReports"], "onAdded">;
  roles: Pick<Moderation["roles"], "holders">;
};

/** Tells the connections that it concerns what was decided or reported, on any replica. */
export function followModeration(connections: Connections, moderation: Followed): void {
  // O-6: any member may report, so a report must not cost a step for each connection.
  moderation.knownReports.onAdded((report) => {
    for (const { id } of moderation.roles.holders())
      for (const connection of connections.of(id)) connection.tellOfReport(report);
  });
  moderation.onBans(() => {
    for (const connection of connections.all()) connection.reviewBans();
  });
  moderation.onExpelled((visitor) => {
    for (const connection of connections.of(visitor)) connection.reviewExpulsion();
  });
}
