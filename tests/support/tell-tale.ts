import type { BrowserContext, Page } from "@playwright/test";

/** The notification sounds that a page has made. */
export type Knocks = {
  knocks: number;
  /** How often the audio context was suspended in the middle of a sound. */
  cutKnocks: number;
  /** Whether the audio context is suspended, as it is after a while without a sound. */
  isAtRest: boolean;
};

/** A page that has not knocked. */
export const silent: Knocks = { knocks: 0, cutKnocks: 0, isAtRest: true };

/**
 * Makes the pages of a context record their sounds; each page load starts again. `answer` is the reader's reply when
 * the browser asks for permission to notify.
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
