// The panel of what is selected, and the card of what the pointer rests on: both are the
// server's words on a CIDR, kept for a while.

// Asked for when the pointer begins to rest, shown when it has rested.
const ASK_MS = 60;
const SHOW_MS = 60;
const GOING_MS = 300;
const MOST_KEPT = 64;

export class Card {
  constructor(map, host) {
    this.map = map;
    this.host = host;
    this.card = document.getElementById("map-card");
    this.when = map.when ? `?${map.when}` : "";
    this.kept = new Map();
    host.addEventListener("pointermove", (event) => this.moved(event));
    host.addEventListener("pointerleave", () => this.leave());
    host.addEventListener("pointerdown", () => this.hide());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
  }

  async fetch(cidr) {
    if (!this.kept.has(cidr)) {
      const response = await fetch(`${this.host.dataset.home}${cidr}/panel${this.when}`);
      if (!response.ok) throw new Error(String(response.status));
      this.kept.set(cidr, await response.text());
      if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
    }
    const page = new DOMParser().parseFromString(this.kept.get(cidr), "text/html");
    return document.adoptNode(page.getElementById("map-panel"));
  }

  forget() {
    this.kept.clear();
  }

  // Show a CIDR in the panel.
  async select(cidr) {
    this.map.selection = cidr;
    this.map.draw();
    try {
      const panel = await this.fetch(cidr);
      if (this.map.selection === cidr) document.getElementById("map-panel").replaceWith(panel);
    } catch {
      this.map.isUnread = true;
      this.map.draw();
    }
  }

  // A card stays for a moment after the pointer left what it is of, so that the pointer can
  // reach it; it stays while the pointer rests on it.
  moved(event) {
    clearTimeout(this.timer);
    clearTimeout(this.going);
    this.wanted = null;
    if (this.card.contains(event.target)) return;
    const box = this.host.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    const cidr = this.map.cidrAt(...at);
    if (cidr !== this.shown) this.going = setTimeout(() => this.hide(), GOING_MS);
    if (!cidr || event.buttons || event.pointerType === "touch") return;
    this.timer = setTimeout(() => this.show(cidr, at), ASK_MS);
  }

  async show(cidr, at) {
    if (this.shown === cidr) return;
    clearTimeout(this.going);
    this.wanted = cidr;
    const rested = new Promise((done) => setTimeout(done, SHOW_MS));
    const panel = await this.fetch(cidr).catch(() => null);
    await rested;
    if (!panel || this.wanted !== cidr) return;
    panel.removeAttribute("id");
    panel.removeAttribute("aria-labelledby");
    for (const named of panel.querySelectorAll("[id]")) named.removeAttribute("id");
    this.card.replaceChildren(panel);
    this.card.hidden = false;
    this.shown = cidr;
    this.stand(at);
  }

  stand([left, top]) {
    const { offsetWidth, offsetHeight } = this.card;
    const isRight = left + 14 + offsetWidth < this.host.clientWidth;
    const isLow = top + 14 + offsetHeight < this.host.clientHeight;
    this.card.style.left = `${Math.max(0, isRight ? left + 14 : left - 14 - offsetWidth)}px`;
    this.card.style.top = `${Math.max(0, isLow ? top + 14 : top - 14 - offsetHeight)}px`;
  }

  leave() {
    clearTimeout(this.timer);
    this.wanted = null;
    this.hide();
  }

  hide() {
    clearTimeout(this.timer);
    clearTimeout(this.going);
    this.card.hidden = true;
    this.shown = null;
    this.wanted = null;
  }
}
