// The visitor's own words, kept in this browser: the server keeps what Laurel says, and answers a repeated id once.

const PREFIX = "laurel.";
const KEPT = 200;

export class Store {
  // `mark` names the visitor; what another visitor left in this browser is removed. `overhear(item)` is told of what
  // the visitor said in another tab.
  constructor(mark, overhear) {
    this.key = PREFIX + mark;
    this.items = [];
    window.addEventListener("storage", (event) => event.key === this.key && event.newValue && this.merge(event.newValue, overhear));
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(PREFIX) && key !== this.key) localStorage.removeItem(key);
      }
      this.items = JSON.parse(localStorage.getItem(this.key) || "[]");
    } catch {
      this.items = []; // a browser that keeps nothing still chats
    }
  }

  add(item) {
    this.items.push(item);
    this.save();
  }

  // Takes over what another tab has settled, so that neither overwrites the other's.
  merge(stored, overhear) {
    const known = new Set(this.items.map((item) => item.id));
    for (const item of JSON.parse(stored)) {
      if (item.state !== "done" || known.has(item.id)) continue;
      this.items.push(item);
      overhear(item);
    }
  }

  // Keeps only the items for which `wanted` holds.
  keep(wanted) {
    this.items = this.items.filter(wanted);
    this.save();
  }

  next() {
    return this.items.find((item) => item.state === "waiting");
  }

  // What was chosen last below a message.
  pressedBelow(message) {
    return this.items.findLast((item) => item.below === message && item.state !== "refused");
  }

  save() {
    const open = this.items.filter((item) => item.state !== "done");
    const done = this.items.filter((item) => item.state === "done").slice(-KEPT);
    const kept = new Set([...done, ...open]);
    this.items = this.items.filter((item) => kept.has(item));
    try {
      localStorage.setItem(this.key, JSON.stringify(this.items));
    } catch {
      // full or forbidden: the page works, only a reload forgets these words
    }
  }
}
