import type { Locale } from "../../protocol/events";
import { ChatError } from "../errors";
import { type NameClaim, skeleton } from "../names/skeleton";
import { numberedName, suggestNames } from "../names/suggest";

/** How many names the tries offer: few at first, since each costs its comparison, and two in three are free even in a crowd. */
const [firstSuggestions, suggestions] = [3, 12];

/** Random names for members. */
export class RandomNames {
  constructor(private readonly random: () => number) {}

  suggested(locale: Locale): string[] {
    return this.draw(locale, suggestions).map(({ name }) => name);
  }

  /**
   * Runs `step` with some names; if a crowd has taken them all, with more, and at last with some that have numbers. Throws
   * ChatError("name_taken") when those are taken too, and as `step` does.
   */
  async untilFree<T>(locale: Locale, step: (names: NameClaim[]) => Promise<T>): Promise<T> {
    try {
      return await step(this.draw(locale, firstSuggestions)).catch((error: unknown) => {
        if (!isTaken(error)) throw error;
        return step(this.draw(locale, suggestions));
      });
    } catch (error) {
      if (!isTaken(error)) throw error;
      return step(this.draw(locale, suggestions).map(({ name }) => this.numbered(name)));
    }
  }

  private draw(locale: Locale, count: number): NameClaim[] {
    return suggestNames(locale, count, this.random);
  }

  private numbered(name: string): NameClaim {
    const numbered = numberedName(name, 2 + Math.floor(this.random() * 9_998));
    return { name: numbered, skeleton: skeleton(numbered) };
  }
}

const isTaken = (error: unknown): boolean => error instanceof ChatError && error.code === "name_taken";
