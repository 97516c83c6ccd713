import { Conversations } from "../direct/conversations";
import { Inboxes } from "../direct/inboxes";
import { SharedRooms } from "../direct/shared-rooms";
import { openingRate, readingRate, wholeReadingRate } from "../rates";
import { type Base, rateOf } from "./base";
import type { Limits } from "./limits";

export function composeDirect(base: Base, { space }: Limits) {
  const { clock, logger, stores } = base;
  const sharedRooms = new SharedRooms(stores);
  const openings = rateOf(base, openingRate);
  const readings = rateOf(base, readingRate);
  const wholeReadings = rateOf(base, wholeReadingRate);
  return {
    inboxes: new Inboxes({ ...stores, sharedRooms, wholeReadings, clock, logger }),
    conversations: new Conversations({ ...stores, sharedRooms, openings, readings, space }),
  };
}
