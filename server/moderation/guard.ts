import type { VisitorId } from "../../protocol/events";
import type { GuardLevel } from "./guard-level";
import { changesOf, type KnownState } from "./known-state";
import type { Roles } from "./roles";
import { wordFinder } from "./word-list";

type GuardOptions = { known: KnownState; roles: Roles; level: GuardLevel };

const subject = "guard words";

/** O-7. Finds messages that are withheld until the owner or a moderator has seen them. It spares who has a role. */
export class Guard {
  private words: readonly string[] = [];
  private find = wordFinder([]);

  constructor(private readonly options: GuardOptions) {
    // Only `setWords` writes this text.
    options.known.onChange(
      changesOf("guard", (_, text) => {
        this.words = text === undefined ? [] : (JSON.parse(text) as string[]);
        this.find = wordFinder(this.words);
      }),
    );
  }

  catches(visitor: VisitorId, text: string): boolean {
    const { level, roles } = this.options;
    if (level === "off" || this.words.length === 0 || roles.of(visitor) !== undefined) return false;
    return this.find(text) !== undefined;
  }

  /** Without `words` it only tells them. Throws ChatError("forbidden") unless `by` is the owner. */
  async setWords(by: VisitorId, words: readonly string[] | undefined): Promise<readonly string[]> {
    this.options.roles.check(by, "owner");
    if (words === undefined) return this.words;
    const text = words.length === 0 ? undefined : JSON.stringify([...new Set(words)]);
    await this.options.known.write([{ subject, text }], { by, did: "guard:words" });
    return this.words;
  }
}
