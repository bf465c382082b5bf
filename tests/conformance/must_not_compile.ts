// The control of `case.ts`: `tsc --strict` refuses each of these lines, with the code at its end.

import type { Fact, FactInPart, TimelineItem } from "./client";

export function control(fact: Fact, part: FactInPart, item: TimelineItem) {
  fact.rentCents; // TS2339: not every kind has a rent
  if (fact.type === "offer-refused") fact.rentCents; // TS2339: this kind has none
  if (fact.type === "offer-refused") fact.ground satisfies "unknown-ground"; // TS1360: a ground is one of a list
  if (fact.type === "flip-refused") return; // TS2367: no kind is called that
  item.fact; // TS2339: an item may be withheld
  if (item.type !== "fact-withheld") item.fact.type; // TS18048: a fact may be there in part
  const whole: Fact = part; // TS2322: a part is no whole
}
