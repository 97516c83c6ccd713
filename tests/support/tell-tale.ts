import type { BrowserContext, Page } from "@playwright/test";

/** What a page has told its reader with: knocks, and notifications, of which a page cannot ask the browser. */
export type Told = {
  knocks: number;
  /** How often the sound was put to rest in the middle of one. */
  cutKnocks: number;
  notes: { title: string; body: string; tag: string; isClosed: boolean }[];
};

/** Its pages remember what they tell, and each loaded page begins anew. `answer` is what their reader says to the browser. */
export async function tellTale(
  context: BrowserContext,
  answer: NotificationPermission = "granted",
): Promise<void> {
  await context.addInitScript((given) => {
    const log: Told = { knocks: 0, cutKnocks: 0, notes: [] };
    class Noted extends EventTarget {
      static permission: NotificationPermission = given === "granted" ? given : "default";
      static requestPermission = async () => {
        Noted.permission = given;
        return given;
      };
      onclick: unknown = null;
      private readonly note: Told["notes"][number];
      constructor(title: string, { body = "", tag = "" }: NotificationOptions = {}) {
        super();
        this.note = { title, body, tag, isClosed: false };
        log.notes = [...log.notes, this.note];
        Object.assign(window, { lastNote: this });
      }
      close() {
        this.note.isClosed = true;
      }
    }
    const { start, stop } = AudioScheduledSourceNode.prototype;
    const { suspend } = AudioContext.prototype;
    /** A knock is four strikes. */
    let strikes = 0;
    AudioScheduledSourceNode.prototype.start = function (when) {
      strikes += 1;
      log.knocks = strikes / 4;
      start.call(this, when);
    };
    let lastsUntil = 0;
    AudioScheduledSourceNode.prototype.stop = function (when = 0) {
      lastsUntil = when;
      stop.call(this, when);
    };
    AudioContext.prototype.suspend = function () {
      if (this.currentTime < lastsUntil) log.cutKnocks += 1;
      return suspend.call(this);
    };
    Object.assign(window, { Notification: Noted, told: log });
  }, answer);
}

export const told = (page: Page): Promise<Told> =>
  page.evaluate(() => (window as unknown as { told: Told }).told);
