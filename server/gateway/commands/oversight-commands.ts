import { z } from "zod";
import { maxNameBytes } from "../../../protocol/limits";
import { countBytes } from "../../../protocol/text";
import { checkText, checkWeight } from "../check-text";
import { command } from "./command";
import { entrySeq, visitorId, wellFormedText } from "./fields";

/** As many as a page of a list may name. */
const mostNamed = 400;

/** O-11 to O-13: what the owner and moderators are told that no other visitor is. */
export const oversightCommands = {
  "owner:overview": command(z.object({}), async ({ oversight }, { visitor }) => ({
    answer: await oversight.overviews.read(visitor.id),
  })),

  "owner:feed": command(
    z.object({ since: entrySeq.optional() }),
    async ({ oversight }, { visitor }, { since }) => ({
      answer: { lines: await oversight.feed.read(visitor.id, since) },
    }),
  ),

  "visitor:find": command(
    z.object({ query: wellFormedText.refine((query) => countBytes(query) <= maxNameBytes) }),
    async ({ oversight, moderation, rareCommands }, { visitor }, { query }) => {
      moderation.roles.check(visitor.id);
      rareCommands.searches.take(visitor.id);
      return { answer: { visitors: await oversight.visitors.find(visitor.id, query.trim()) } };
    },
  ),

  "visitor:show": command(
    z.object({ visitor: visitorId }),
    async ({ oversight, moderation, rareCommands }, { visitor }, input) => {
      moderation.roles.check(visitor.id);
      rareCommands.searches.take(visitor.id);
      return { answer: await oversight.visitors.show(visitor.id, input.visitor) };
    },
  ),

  "visitor:names": command(
    z.object({ visitors: z.array(visitorId).max(mostNamed) }),
    async ({ oversight }, { visitor }, { visitors }) => ({
      answer: { names: await oversight.visitors.names(visitor.id, visitors) },
    }),
  ),

  "guard:try": command(
    z.object({ text: wellFormedText, isNewcomer: z.boolean().default(false) }),
    async ({ moderation }, { visitor }, { text, isNewcomer }) => {
      moderation.roles.check(visitor.id, "owner");
      checkWeight(text);
      checkText(text);
      return { answer: moderation.guard.tryText(visitor.id, text, isNewcomer) };
    },
  ),
};
