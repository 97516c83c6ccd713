import { type ComponentProps, createContext, type ReactNode, useContext } from "react";
import { type Locale, locales } from "../../protocol/locales";
import type en from "./en.json";
import { fill, type Pattern, partsOf, sentenceOf, type Values } from "./pattern";
import { textLanguage } from "./text-language";

/** The program's sentences in one language. */
export type ProgramWords = Record<keyof typeof en, Pattern>;
/** The owner's, from site/site.json. */
export type SiteWords = Record<"site.name" | "site.description", string>;
export type Words = ProgramWords & SiteWords;
export type WordKey = keyof Words;
export type Translate = (key: WordKey, values?: Values) => string;

type Spoken = { locale: Locale; words: Partial<Words>; t: Translate };

const WordsContext = createContext<Spoken>({ locale: locales[0], words: {}, t: (key) => key });

type Props = { locale: Locale; words: Words | undefined; children: ReactNode };

/** Gives the page the sentences of its language, which arrive as a page prop; a page without any shows the keys. */
export function WordsProvider({ locale, words = {} as Words, children }: Props) {
  const t: Translate = (key, values = {}) => fill(words[key] ?? key, locale, values);
  return <WordsContext value={{ locale, words, t }}>{children}</WordsContext>;
}

export const useWords = (): Translate => useContext(WordsContext).t;

/** The reader's language, for `Intl`. */
export const useLocale = (): Locale => useContext(WordsContext).locale;

/** The `lang` of an element with this text of a visitor; undefined where the page's language is right. */
export const useTextLanguage = (text: string): string | undefined => textLanguage(text, useLocale());

type TextProps = ComponentProps<"bdi"> & { children: string };

/** A visitor's text, isolated from the text around it, with its own direction and language. */
export const IsolatedText = ({ children, ...rest }: TextProps) => (
  <bdi dir="auto" lang={useTextLanguage(children)} {...rest}>
    {children}
  </bdi>
);

/**
 * A sentence whose values are elements, so that names keep their `<bdi>`. A page translator replaces text nodes, and
 * React could not find them again: so a text never changes, and another sentence replaces the whole.
 */
export function Sentence({ of, values }: { of: WordKey; values: Record<string, ReactNode> }) {
  const { locale, words } = useContext(WordsContext);
  const sentence = sentenceOf(words[of] ?? of, locale, 0);
  return (
    <span key={sentence} className="sentence">
      {partsOf(sentence).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence's parts never change their places
        index % 2 ? <span key={index}>{values[part]}</span> : part,
      )}
    </span>
  );
}
