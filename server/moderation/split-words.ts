import { unspacedScripts } from "./hidden-words";

type Node = { next: Map<string, Node>; word?: string };

/** People split short words; a long one is a sentence. */
const mostLetters = 16;
const piece = new RegExp(`[${unspacedScripts}ー]+`, "gu");
/** Within one word: spaces, or signs and digits. Not what ends a sentence or parts a list: `개, 새끼 고양이`. */
const withinWord =
  /^(?:[^\S\n\r]{1,3}|[^\p{L}\p{M}\s。！？!?、，,]{1,3}|[^\S\n\r][^\p{L}\p{M}\s。！？!?、，,]{1,3}[^\S\n\r])$/u;
/** What may follow a word whose end is inside a piece, in NFKC: `바보 새끼들아ㅋㅋ`; not `바보 새끼손가락`. */
const ending =
  /^(?:들)?(?:[아야이가은는을를의도만에와과랑네냐니임다여요놈년]|이야|이네|이냐|이다|인가|입니다|같은|같네|같아|[よねなぞわかやだ]|だよ|だね|です|め)?[\u110f\u1112\u1172\u116eー]*$/u;

/**
 * Finds words of scripts without spaces that a text splits: `바 보`, `개 새끼`, `등.신`, `바1보`, `くた ばれ`. Such a word begins with
 * a piece and ends with one, but for an ending; so `다시 발표` has no `시발`. Takes time with the text's length alone.
 */
export function splitFinder(entries: readonly { word: string; reading: string }[]) {
  const root: Node = { next: new Map() };
  for (const { word, reading } of entries) {
    const letters = [...reading];
    if (letters.length < 2 || letters.length > mostLetters) continue;
    let node = root;
    for (const each of letters) {
      const next = node.next.get(each) ?? { next: new Map() };
      node.next.set(each, next);
      node = next;
    }
    node.word ??= word;
  }
  return root.next.size === 0 ? () => undefined : (text: string) => findSplit(root, piecesOf(text));
}

/** `isJoined`: it may go on the word of the piece before. */
type Piece = { letters: string[]; isJoined: boolean };

function piecesOf(text: string): Piece[] {
  let end = 0;
  return Array.from(text.matchAll(piece), ({ 0: found, index }) => {
    const isJoined = withinWord.test(text.slice(end, Math.min(index, end + 6))) && index - end < 6;
    end = index + found.length;
    return { letters: [...found], isJoined };
  });
}

function findSplit(root: Node, pieces: readonly Piece[]): string | undefined {
  for (let start = 0; start < pieces.length; start += 1) {
    let node: Node | undefined = root;
    for (let at = start; at < pieces.length && node !== undefined; at += 1) {
      const { letters, isJoined } = pieces[at] as Piece;
      if (at > start && !isJoined) break;
      for (const [place, each] of letters.entries()) {
        node = node?.next.get(each);
        if (node === undefined) break;
        if (
          node.word !== undefined &&
          at > start &&
          ending.test(letters.slice(place + 1, place + 8).join(""))
        )
          return node.word;
      }
    }
  }
  return undefined;
}
