import type { BrowserContext, Page } from "@playwright/test";

/** The sounds that a page has made. */
export type Knocks = {
  knocks: number;
  /** How often the sound was put to rest in the middle of one. */
  cutKnocks: number;
  /** Whether the sound sleeps, as it does when nothing has been heard for a while. */
  isAtRest: boolean;
};

/** A page that has not knocked. */
export const silent: Knocks = { knocks: 0, cutKnocks: 0, isAtRest: true };

/**
 * Its pages remember how they knock, and each loaded page begins anew. `answer` is what their reader says when the browser
 * asks whether they may notify.
 */
export async function tellTale(
  context: BrowserContext,
  answer: NotificationPermission = "granted",
): Promise<void> {
  if (answer === "granted") await context.grantPermissions(["notifications"]);
  await context.addInitScript((given) => {
    const log: Knocks = { knocks: 0, cutKnocks: 0, isAtRest: true };
    class Refused extends EventTarget {
      static permission: NotificationPermission = "default";
      static requestPermission = async () => {
        Refused.permission = given;
        return given;
      };
    }
    const { start, stop } = AudioScheduledSourceNode.prototype;
    const { suspend } = AudioContext.prototype;
    /** A knock is four strikes. */
    let strikes = 0;
    AudioScheduledSourceNode.prototype.start = function (when) {
      strikes += 1;
      log.knocks = strikes / 4;
      log.isAtRest = false;
      start.call(this, when);
    };
    let lastsUntil = 0;
    AudioScheduledSourceNode.prototype.stop = function (when = 0) {
      lastsUntil = when;
      stop.call(this, when);
    };
    AudioContext.prototype.suspend = function () {
      if (this.currentTime < lastsUntil) log.cutKnocks += 1;
      log.isAtRest = true;
      return suspend.call(this);
    };
    Object.assign(window, { knocked: log, ...(given !== "granted" && { Notification: Refused }) });
  }, answer);
}

export const knocked = (page: Page): Promise<Knocks> =>
  page.evaluate(() => (window as unknown as { knocked: Knocks }).knocked);
