import type { Abuse } from "./abuse";

/** Words that an owner lists, and disguises with which abusers try to get them shown. */
type Talk = { listed: string[]; hidden: string; floods: Abuse[] };

const times = (count: number, textOf: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => textOf(index));
const hidden = (count: number) => "\u200b".repeat(count);

export const abuseByLanguage: Record<string, Talk> = {
  en: {
    listed: ["moron", "scumbag", "drop dead", "kys", "pervert"],
    hidden: `you m0ron|m o r o n|M-O-R-O-N|m.o.r.o.n|moooron|m*ron|mor-on|mоrоn|ｍｏｒｏｎ|scum.bag|5cumb4g|$cumbag
      s c u m b a g|scumb@g|sсumbag!!!|dropdead|drop---dead|d r o p d e a d|DROP  DEAD|dr0p dead|k.y.s|K Y S now|pervеrt|perv3rt|ₘoron`,
    floods: [
      {
        by: "newcomer",
        texts: times(5, (index) => `come to my room instead of this one${"!".repeat(index)}`),
      },
      { by: "newcomer", texts: times(5, (index) => `come to my room instead of this one ${index}`) },
      { by: "newcomer", texts: times(5, (index) => `buy my course today${hidden(index)}, last chance`) },
      { by: "crowd", texts: times(5, (index) => `this blog is a scam ${"🔥".repeat(index)} leave now`) },
      {
        by: "crowd",
        texts: times(14, (index) => `${["red", "blue", "grey"][index % 3]} noise number ${index}`),
      },
    ],
  },
  ko: {
    listed: ["멍청이", "쓰레기새끼", "꺼지라고", "병맛", "관종"],
    hidden: `멍1청1이|멍.청.이|멍 청 이|멍청 이야|ㅁㅓㅇㅊㅓㅇㅇㅣ|멍ㅊㅓㅇ이|이멍청이들|멍청이이이|쓰레기 새끼|쓰레기 새끼들아|쓰.레.기.새.끼|쓰레기새ㄲㅣ
      쓰레기 새끼야ㅋㅋ|쓰레기-새끼|쓰레기새끼|꺼지라고!!!|꺼 지라고|꺼지 라고|ㄲㅓㅈㅣㄹㅏㄱㅗ|꺼1지1라1고|병 맛|병.맛|ㅂㅕㅇㅁㅏㅅ|관 종|관~종`,
    floods: [
      { by: "newcomer", texts: times(5, () => "제 방으로 오세요 여러분") },
      { by: "newcomer", texts: times(5, (index) => `이 블로그 사기예요${"!".repeat(index)}`) },
      { by: "newcomer", texts: times(5, (index) => `무료 머니 드려요 텔레그램${hidden(index)}`) },
      { by: "crowd", texts: times(5, () => "다들 여기서 나가 주세요") },
      { by: "crowd", texts: times(14, (index) => `${["빨간", "파란", "하얀"][index % 3]} 소음 ${index}`) },
    ],
  },
  ja: {
    listed: ["まぬけ", "あほ", "失せろ", "ゴミクズ", "たわけ"],
    hidden: `ま ぬ け|まぬ け|ま・ぬ・け|まーぬけ|まぁぬけ|まぬけー|マヌケ|ﾏﾇｹ|ま1ぬ1け|あ ほ|あーほ|あ〜ほ|あぁほ|アホ|ｱﾎ|あ.ほ
      失 せろ|失せ ろ|失・せ・ろ|失せろー|ゴミ クズ|ゴ・ミ・ク・ズ|ごみくず|ゴミ-クズ|たーわけ`,
    floods: [
      { by: "newcomer", texts: times(5, () => "このブログは詐欺です") },
      { by: "newcomer", texts: times(5, (index) => `みんな私の部屋に来て${"！".repeat(index)}`) },
      { by: "newcomer", texts: times(5, (index) => `副業で月100万円、今すぐ登録${hidden(index)}`) },
      { by: "crowd", texts: times(5, () => "全員ここから出て行け") },
      { by: "crowd", texts: times(14, (index) => `${["赤い", "青い", "白い"][index % 3]}騒音${index}`) },
    ],
  },
};
