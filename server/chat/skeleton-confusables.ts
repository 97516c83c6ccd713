/**
 * Look-alikes of what names are written with: after folding (skeleton.ts), each character of the second string is
 * read as the first. Facts of Unicode UTS #39 15.0 (confusables.txt), cut down to what can pass for a Latin
 * letter, a digit, common punctuation, kana or a stroke, with both cases of a letter merged; beside them the
 * enclosed letters, small capitals and "vv", which UTS #39 leaves apart. Written as escapes: what would turn the
 * line's direction, join its neighbour, or lack a glyph in an editor. docs/decisions/004-names-by-skeleton.md
 *
 * Unicode data: © 1991-2022 Unicode, Inc., Unicode License V3, https://www.unicode.org/license.txt
 */
const letters: Group[] = [
  ["a", "ɑαаᗅᴀ⍺ꓮꭺ\u{102A0}\u{16F40}\u{1F150}\u{1F170}"],
  ["b", "ƅʙβвьᏼᑲᖯᗷꓐꮟ\u{10282}\u{102A1}\u{10301}\u{1F151}\u{1F171}"],
  ["c", "сᴄⲥꓚꮯ\u{102A2}\u{10302}\u{1043D}\u{1051C}\u{118E9}\u{118F2}\u{1F152}\u{1F172}" + "\u{1F74C}"],
  ["d", "ԁᑯᗞᗪᴅꓒꓓꭰꮷ\u{1F153}\u{1F173}"],
  ["e", "ɛεеєҽԑᴇ€℮⋴⋿ⲉⴹꓰꞓꬲꭼꮛ\u{10286}\u{10429}\u{118CE}\u{16F2D}\u{1D221}\u{1F154}\u{1F174}"],
  ["f", "ʃϝքᖴẝ₽∑∫ⵉꓝꜰꞙꬵꭍ\u{10287}\u{102A5}\u{10525}\u{118C2}\u{1D213}\u{1F155}\u{1F175}"],
  ["g", "ƍɡɢԍցᏻᶃꓖꮐ\u{1F156}\u{1F176}"],
  ["h", "ʜнһհᕼⲏꓧꮋꮒ\u{102CF}\u{1F157}\u{1F177}"],
  ["j", "ȷʝϳјյᒍᴊꓙꭻ\u{1F159}\u{1F179}"],
  ["k", "ĸκкᛕᴋⲕꓗꮶ\u{10518}\u{1F15A}\u{1F17A}"],
  [
    "l",
    "1i|ǀɩɪʟιіӏᒪᛁ∣⍳⏽ⲓⳑⵏ丨ꓡꓲꙇꭵꮮ\u{5C0}\u{5D5}\u{5DF}\u{627}\u{661}\u{6F1}\u{7CA}\u{1175}" +
      "\u{1028A}\u{10309}\u{10320}\u{10443}\u{10526}\u{118C3}\u{118D2}\u{16F16}\u{16F28}" +
      "\u{1D22A}\u{1E8C7}\u{1F158}\u{1F15B}\u{1F178}\u{1F17B}",
  ],
  ["n", "ɴոռበᑎ∩⋂ⲛꓠꓵ\u{10513}\u{1D245}\u{1F15D}\u{1F17D}"],
  [
    "o",
    "0οσϛоօ०০੦૦ଠ୦௦ం౦ಂ೦ംഠ൦ං๐໐ဝ၀ჿዐᴏᴑⲟⵔ〇ꓳꬽ\u{5E1}\u{647}\u{665}\u{6BE}\u{6C1}\u{6D5}\u{6F5}" +
      "\u{7C0}\u{110B}\u{10292}\u{102AB}\u{1042C}\u{104EA}\u{10516}\u{114D0}\u{118C8}" +
      "\u{118D7}\u{118E0}\u{1F15E}\u{1F17E}",
  ],
  ["p", "ρрᑭᴘᴩ⍴ⲣꓑꮲ\u{10295}\u{1F15F}\u{1F17F}"],
  ["q", "ԛգզⵕ\u{1F160}\u{1F180}"],
  ["r", "ʀгᖇᴦⲅꓣꭇꭈꭱꮁꮢ\u{104DC}\u{16F35}\u{1D216}\u{1F161}\u{1F181}"],
  ["rn", "mʍϻмᗰᛖᴍⲙꓟꮇ\u{102B0}\u{10311}\u{11700}\u{118E3}\u{1F15C}\u{1F17C}"],
  ["s", "ƽѕտꓢꜱꮥꮪ\u{10296}\u{10448}\u{118C1}\u{16F3A}\u{1F162}\u{1F182}"],
  ["t", "τтᴛ⊤⟙ⲧꓔꭲ\u{10297}\u{102B1}\u{10315}\u{16F0A}\u{1F163}\u{1F183}\u{1F768}"],
  ["u", "ʋսሀᑌᴜ∪⋃ꓴꞟꭎꭒ\u{104F6}\u{118D8}\u{16F42}\u{1F164}\u{1F184}"],
  ["v", "ѵᐯᴠ∨⋁ⴸꓦꛟꮩ\u{5D8}\u{667}\u{6F7}\u{1051D}\u{11706}\u{118C0}\u{16F08}\u{1D20D}\u{1F165}" + "\u{1F185}"],
  ["vv", "wɯѡԝաᗯᴡꓪꮃꮗꮤ\u{1170A}\u{1170E}\u{1170F}\u{118E6}\u{118EF}\u{1D222}\u{1F166}\u{1F186}"],
  ["x", "×χхᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲭⵝꓫꭓ\u{10290}\u{102B4}\u{10317}\u{10322}\u{10527}\u{118EC}\u{1F167}" + "\u{1F187}"],
  ["y", "ɣʏγуүყᒥᶌỿⲩꓬꭚꭹꮍ\u{102B2}\u{118DC}\u{16F07}\u{16F43}\u{1F168}\u{1F188}"],
  ["z", "ζᴢꓜꮓ\u{102F5}\u{118C4}\u{118C9}\u{118E5}\u{1F169}\u{1F189}"],
];

const pairs: Group[] = [
  ["aa", "ꜳ"],
  ["ae", "æӕ"],
  ["ao", "ꜵ"],
  ["au", "ꜷ"],
  ["av", "ꜹꜻ"],
  ["ay", "ꜽ"],
  ["bl", "ы"],
  ["dz", "ʣ"],
  ["ll", "ǁ‖∥\u{5F0}"],
  ["lo", "ю"],
  ["ls", "ʪ"],
  ["lz", "ʫ"],
  ["oe", "œɶ"],
  ["oo", "∞ꚙꝏ"],
  ["ss", "ᏸꞵ"],
  ["tf", "ʧꝷ"],
  ["ts", "ʦ"],
  ["ue", "ᵫ"],
  ["uo", "ꭣ"],
];

const digits: Group[] = [
  ["2", "ƨϩᒿꙅꛯꝛ"],
  ["3", "ȝɜʒзӡⳍꝫ\u{118CA}\u{16F3B}\u{1D206}"],
  ["4", "ꮞ\u{118CF}"],
  ["5", "\u{118DB}"],
  ["6", "бⳓꮾ\u{118D5}"],
  ["7", "\u{104FA}\u{118C6}\u{1D212}"],
  ["8", "ȣ৪੪ଃ\u{1031A}\u{1E8CB}"],
  ["9", "৭੧୨൭ⳋꝯ\u{118CC}\u{118D6}"],
];

const punctuation: Group[] = [
  ["!", "ǃⵑ"],
  ["&", "ꝸ"],
  ["'", "ʹʻʼʽʾˈˊˋ˴՚՝ᑊᛌ‘’‛′‵ꞌ\u{5D9}\u{5F3}\u{7F4}\u{7F5}\u{16F51}\u{16F52}"],
  ["''", '"ʺˮ˶᳓“”‟〃\u{5F2}\u{5F4}'],
  ["(", "❨❲〔\u{FD3E}"],
  ["((", "⸨"],
  [")", "❩❳〕\u{FD3F}"],
  ["))", "⸩"],
  ["*", "⁎∗\u{66D}\u{1031F}"],
  ["+", "᛭➕\u{1029B}"],
  [",", "‚ꓹ\u{60D}\u{66B}"],
  ["-", "˗‐‒–⁃−➖ⲻ\u{6D4}"],
  ["-.", "꓾"],
  [".", "ꓸ꘎\u{660}\u{6F0}\u{701}\u{702}\u{10A50}\u{1D16D}"],
  [".,", "ꓻ"],
  ["..", "ꓺ"],
  ["/", "᜵⁁⁄∕╱⟋⧸ⳇ〳ノ㇓丿\u{1D23A}"],
  ["//", "⫽"],
  ["///", "⫻"],
  [":", "ː˸։ःઃ᛬᠃᠉⁚∶ꓽ꞉\u{5C3}\u{703}\u{704}"],
  ["<", "˂ᐸᚲ‹❮\u{1D236}"],
  ["<<", "≪"],
  ["<<<", "⋘"],
  ["=", "᐀⹀゠꓿"],
  [">", "˃ᐳ›❯\u{16F3F}\u{1D237}"],
  [">>", "≫"],
  [">>>", "⋙"],
  ["?", "ɂʔॽꛫꭾ"],
  ["\\", "∖⟍⧵⧹㇔丶\u{1D20F}\u{1D23B}"],
  ["\\\\", "⑊⳹"],
  ["^", "˄ˆ"],
  ["_", "\u{7FA}"],
  ["{", "❴\u{1D114}"],
  ["}", "❵"],
  ["~", "⁓∼"],
  ["·", "‧∙⋅・"],
];

/** Kana, Han and Hangul letters drawn with the same strokes. */
const strokes: Group[] = [
  ["イ", "亻"],
  ["エ", "工"],
  ["カ", "力"],
  ["タ", "夕"],
  ["ト", "卜"],
  ["ニ", "二"],
  ["ハ", "八"],
  ["ヘ", "へ"],
  ["ロ", "口"],
  ["ー", "—―─━㇐一ꟷ\u{1173}"],
];

export type Group = readonly [reads: string, lookAlikes: string];

export const tableOf = (groups: Group[]): ReadonlyMap<string, string> =>
  new Map(
    groups.flatMap(([reads, characters]) =>
      Array.from(characters, (character): [string, string] => [character, reads]),
    ),
  );

/** Folded character -> what it reads as. */
export const lookAlikes = tableOf([...letters, ...pairs, ...digits, ...punctuation, ...strokes]);
