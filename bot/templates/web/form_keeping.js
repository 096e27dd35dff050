// What is not saved yet outlives a reload, in this tab alone.

import { control, controls, seenOf, valueOf } from "./form_pieces.js";

export function keeping(name) {
  return {
    // Keeps what stands in the entries of these slots, and nothing else.
    keep(slots) {
      try {
        const open = [...slots].filter(control).map((slot) => [slot, valueOf(slot), seenOf(slot).value]);
        if (open.length) sessionStorage.setItem(name, JSON.stringify(open));
        else sessionStorage.removeItem(name);
      } catch {
        // a browser that keeps nothing still saves
      }
    },

    // Puts back what was kept; `tell(slot)` is told of what differs from what the server has.
    restore(tell) {
      try {
        for (const [slot, value, seen] of JSON.parse(sessionStorage.getItem(name) || "[]")) {
          if (!control(slot) || JSON.stringify(valueOf(slot)) === JSON.stringify(value)) continue;
          for (const one of controls(slot)) {
            if (["checkbox", "radio"].includes(one.type)) one.checked = [value].flat().includes(one.value);
            else one.value = value;
          }
          seenOf(slot).value = seen;
          tell(slot);
        }
      } catch {
        sessionStorage.removeItem(name);
      }
    },
  };
}
