import type { GuardSign, GuardTrial, VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import { readingsOf } from "./alike-texts";
import { withBoundedMarks } from "./bounded-marks";
import { Copies } from "./copies";
import type { GuardLevel } from "./guard-level";
import {
  fewCopies,
  fewLinks,
  fewShortCopies,
  guardBounds,
  guardScores,
  mostMarks,
  mostUnseenShare,
} from "./guard-scores";
import type { Participant } from "./known-sanctions";
import { changesOf, type KnownState } from "./known-state";
import { linksIn } from "./links";
import { NewcomerFloods } from "./newcomer-floods";
import { type OrdinaryHit, ordinaryHits } from "./ordinary-talk";
import type { Roles } from "./roles";
import { wordFinder } from "./word-list";

export type GuardOptions = {
  known: KnownState;
  roles: Roles;
  /** The limits of newcomers may be lifted, the guard has a setting of its own. */
  newcomers: { hasSettled(visitor: Participant["visitor"]): Promise<boolean> };
  level: GuardLevel;
  clock: Clock;
};

const subject = "guard words";
const stackedMarks = new RegExp(String.raw`\p{M}{${mostMarks + 1},}`, "u");
const emoji = /\p{RGI_Emoji}/gv;
const hasUnseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u;
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;

/** Also where no one writes any more nothing is remembered for longer than the page “Privacy” says. */
const forgetEachMs = 60_000;

/**
 * O-7. Finds messages that are withheld until the owner or a moderator has seen them. It spares visitors with a role.
 */
export class Guard {
  private words: readonly string[] = [];
  private find = wordFinder([]);
  private hits: readonly OrdinaryHit[] | undefined;
  private readonly copies: Copies;
  private readonly floods: NewcomerFloods;
  private readonly stopForgetting: () => void;

  constructor(private readonly options: GuardOptions) {
    this.copies = new Copies(options.clock);
    this.floods = new NewcomerFloods(options.clock);
    this.stopForgetting = options.clock.every(forgetEachMs, () => {
      this.copies.forgetOld();
      this.floods.forgetOld();
    });
    // Only `setWords` writes this text.
    options.known.onChange(
      changesOf("guard", (_, text) => {
        const words = text === undefined ? [] : (JSON.parse(text) as string[]);
        this.find = wordFinder(words);
        this.words = words;
        this.hits = undefined;
      }),
    );
  }

  /** The signs for which the guard withholds the message; undefined if it does not. `id`: the client's, the same in a retry. */
  async judge(author: Participant, text: string, id: string): Promise<GuardSign[] | undefined> {
    const { level, roles } = this.options;
    if (level === "off" || roles.of(author.visitor.id) !== undefined) return undefined;
    const signs = await this.signsOf(author, text, id);
    const score = signs.reduce((sum, sign) => sum + guardScores[sign], 0);
    return score >= guardBounds[level] ? signs : undefined;
  }

  /**
   * Names and titles stand where all see them, so they cannot be withheld: one with a listed word is refused. Throws
   * ChatError("bad_request"), which names no word.
   */
  checkLine(by: VisitorId, line: string): void {
    const { level, roles } = this.options;
    if (level === "off" || roles.of(by) !== undefined || this.find(line) === undefined) return;
    throw new ChatError("bad_request", "It has a word that isn’t allowed here.");
  }

  /** Without `words` it only tells them. Throws ChatError("forbidden") unless `by` is the owner. */
  async setWords(by: VisitorId, words: readonly string[] | undefined): Promise<readonly string[]> {
    this.options.roles.check(by, "owner");
    if (words === undefined) return this.words;
    const text = words.length === 0 ? undefined : JSON.stringify([...new Set(words)]);
    await this.options.known.write([{ subject, text }], { by, did: "guard:words" });
    return this.words;
  }

  /** The listed words that ordinary talk has: a warning. Throws ChatError("forbidden") unless `by` is the owner. */
  ordinaryHits(by: VisitorId): readonly OrdinaryHit[] {
    this.options.roles.check(by, "owner");
    this.hits ??= this.words.length === 0 ? [] : ordinaryHits(this.find);
    return this.hits;
  }

  /** O-13. What the guard would make of a text, written once. Throws ChatError("forbidden") unless `by` is the owner. */
  tryText(by: VisitorId, text: string, isNewcomer: boolean): GuardTrial {
    this.options.roles.check(by, "owner");
    const bounded = withBoundedMarks(text);
    const word = this.find(bounded);
    const found = signsIn(bounded, { word, isNewcomer });
    const signs = found.map((sign) => ({ sign, score: guardScores[sign] }));
    const score = signs.reduce((sum, each) => sum + each.score, 0);
    return {
      signs,
      score,
      bounds: guardBounds,
      level: this.options.level,
      ...(word !== undefined && { word }),
    };
  }

  close(): void {
    this.stopForgetting();
  }

  private async signsOf(author: Participant, text: string, id: string): Promise<GuardSign[]> {
    const { visitor, network } = author;
    const bounded = withBoundedMarks(text);
    // While the store does not tell, a visitor is a newcomer.
    const isNewcomer = !(await this.options.newcomers.hasSettled(visitor).catch(() => false));
    return signsIn(bounded, {
      word: this.find(bounded),
      isNewcomer,
      ...this.saidBefore(author, bounded, id),
      flood: isNewcomer && this.floods.isOne(network, visitor.id),
    });
  }

  private saidBefore(
    { visitor, network }: Participant,
    text: string,
    id: string,
  ): { repeats: boolean; copies: boolean } {
    const readings = readingsOf(text);
    if (readings === undefined) return { repeats: false, copies: false };
    const { byOne, byMany, isShort } = readings;
    const repeats = this.copies.count(`visitor ${visitor.id}`, byOne, id);
    const copies = isShort ? 0 : this.copies.count(`network ${network}`, byMany, visitor.id);
    return { repeats: repeats > (isShort ? fewShortCopies : fewCopies), copies: copies > fewCopies };
  }
}

type Known = { word: string | undefined; isNewcomer: boolean } & Partial<
  Record<"repeats" | "copies" | "flood", boolean>
>;

function signsIn(text: string, known: Known): GuardSign[] {
  const { word, isNewcomer, repeats = false, copies = false, flood = false } = known;
  const links = linksIn(text);
  const found: Record<GuardSign, boolean> = {
    word: word !== undefined,
    manyLinks: links > fewLinks,
    newcomerLink: links > 0 && isNewcomer,
    repeats,
    copies,
    flood,
    unreadable: isUnreadable(text),
  };
  return (Object.keys(found) as GuardSign[]).filter((sign) => found[sign]);
}

function isUnreadable(text: string): boolean {
  if (stackedMarks.test(text.normalize("NFD"))) return true;
  // Emoji are slow to find, and most texts need not be searched for them.
  if (!hasUnseen.test(text)) return false;
  const plain = text.replace(emoji, "");
  return (plain.match(unseen)?.length ?? 0) > mostUnseenShare * plain.length;
}
