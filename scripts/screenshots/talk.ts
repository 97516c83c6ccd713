import type { Locale } from "../../protocol/locales";

/** The lines that the pictures show, in each language; `replyTo` is a line's index. */
export type Spoken = { by: number; text: string; replyTo?: number };

export type Talk = {
  spoken: readonly Spoken[];
  /** The text that the reader at the browser writes. */
  own: readonly [string, string];
  rooms: readonly [id: string, title: string][];
  direct: readonly [string, string];
  /** A message that is reported, and that the owner's word list catches. */
  abusive: string;
  advertised: { word: string; text: string };
};

const talks: Partial<Record<Locale, Talk>> & { en: Talk } = {
  en: {
    spoken: [
      { by: 0, text: "Good evening! I have just read the post about how a message travels." },
      { by: 0, text: "Is it true that nothing is lost when a server goes down?" },
      { by: 1, text: "Yes. We tried it last week: we ended one in the middle of a sentence." },
      {
        by: 2,
        text: "Each message has a number, so a page knows what it lacks and asks for it: https://redis.io/docs/latest/develop/data-types/streams/",
      },
      { by: 3, text: "`XADD` under the hood, then? 🙂", replyTo: 3 },
      { by: 2, text: "Exactly.\n```\nnpm ci && npm run build && npm start\n```\nand see for yourself." },
      { by: 1, text: "The tea is on me if you find a hole." },
    ],
    own: ["I will bring the biscuits.", "What is the room next door about?"],
    rooms: [
      ["tea-room", "Tea, and what goes with it"],
      ["seoul-walks", "Walks in Seoul"],
      ["night-owls", "Night owls"],
    ],
    direct: ["Shall we go on here? It is quieter.", "Gladly. Tomorrow at nine?"],
    abusive: "You are all idiots, and this blog is rubbish.",
    advertised: { word: "casino", text: "Win big at the best casino, first spin free!" },
  },
  ko: {
    spoken: [
      { by: 0, text: "안녕하세요! 방금 메시지가 어떻게 전달되는지 쓴 글을 읽고 왔어요." },
      { by: 0, text: "서버가 꺼져도 정말 아무것도 사라지지 않나요?" },
      { by: 1, text: "네, 지난주에 해 봤는데 말하는 도중에 하나를 꺼도 멀쩡했어요." },
      {
        by: 2,
        text: "메시지마다 번호가 있어서 페이지가 빠진 것을 알고 다시 받아 옵니다: https://redis.io/docs/latest/develop/data-types/streams/",
      },
      { by: 3, text: "안에서는 `XADD`를 쓰는군요? 🙂", replyTo: 3 },
      { by: 2, text: "맞아요.\n```\nnpm ci && npm run build && npm start\n```\n직접 해 보세요." },
      { by: 1, text: "구멍을 찾으면 차는 제가 살게요." },
    ],
    own: ["과자는 제가 가져올게요.", "옆방에서는 무슨 이야기를 하나요?"],
    rooms: [
      ["tea-room", "차 한잔과 이런저런 이야기"],
      ["seoul-walks", "서울 산책"],
      ["night-owls", "잠 못 드는 밤"],
    ],
    direct: ["여기서 이어서 이야기할까요? 더 조용하네요.", "좋아요. 내일 아홉 시 어때요?"],
    abusive: "너희는 다 바보고 이 블로그는 쓰레기야.",
    advertised: { word: "카지노", text: "최고의 카지노에서 대박! 첫 판은 무료" },
  },
  ja: {
    spoken: [
      { by: 0, text: "こんばんは！メッセージの届き方についての記事を読んできました。" },
      { by: 0, text: "サーバーが落ちても、本当に何も消えないのですか？" },
      { by: 1, text: "はい。先週、話している途中でひとつ止めてみましたが、何ともありませんでした。" },
      {
        by: 2,
        text: "どのメッセージにも番号があるので、足りないものをページが取りに行きます：https://redis.io/docs/latest/develop/data-types/streams/",
      },
      { by: 3, text: "中では `XADD` を使っているのですね？🙂", replyTo: 3 },
      { by: 2, text: "その通りです。\n```\nnpm ci && npm run build && npm start\n```\nぜひお試しください。" },
      { by: 1, text: "穴を見つけたら、お茶をごちそうします。" },
    ],
    own: ["お菓子は私が持っていきます。", "隣の部屋では何の話をしていますか？"],
    rooms: [
      ["tea-room", "お茶とおしゃべり"],
      ["seoul-walks", "ソウルを歩く"],
      ["night-owls", "夜ふかしの会"],
    ],
    direct: ["ここで続けませんか？静かですし。", "ぜひ。明日の九時はどうですか？"],
    abusive: "お前らみんなバカだし、このブログもゴミだ。",
    advertised: { word: "カジノ", text: "最高のカジノで大勝ち！初回無料" },
  },
};

/** A language without lines of its own shows the English ones. */
export const talkIn = (locale: Locale): Talk => talks[locale] ?? talks.en;
