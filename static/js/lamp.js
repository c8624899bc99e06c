// The lamp in the head: how the page stands to the cluster, and the ages on the page.
// All words are the template's (templates/_cluster_head.html).

const UNITS = [["s", 1], ["min", 60], ["h", 3600], ["d", 86400]];
const SHAPES = ["fresh", "stale", "paused", "never"];

export class Lamp {
  constructor(host) {
    this.host = host;
    this.lamp = host.querySelector(".lamp");
    this.words = host.querySelector("[data-lamp-is]");
    this.readClock();
  }

  // The server's time, told by the page, goes on by our clock.
  readClock() {
    this.startedAt = Date.now();
    this.serverAt = Date.parse(this.host.dataset.now);
  }

  get now() {
    return this.serverAt + Date.now() - this.startedAt;
  }

  // `state`: live, paused, silent, ended; while live, what the mirror's own state is.
  show(state, { stale }) {
    const { dataset } = this.host;
    const own = stale ? "stale" : dataset.lamp;
    const isPlain = state === "live" && own === "fresh";
    const shape = { paused: "paused", silent: "stale", ended: "never" }[state] ?? own;
    for (const each of SHAPES) this.lamp.classList.toggle(`lamp-${each}`, each === shape);
    const words = state === "live" && !isPlain ? (stale ? dataset.wordsStale : dataset.words) : dataset[`words${capital(state)}`];
    if (this.words.textContent !== words) this.words.textContent = words;
    dataset.state = isPlain || state !== "live" ? state : own;
  }

  // `asOf` as RFC 3339: "2026-11-21T14:03:22.500000Z".
  showAsOf(asOf) {
    if (!asOf) return;
    const text = `${asOf.slice(0, 10)} ${asOf.slice(11, 19)}Z`;
    for (const time of this.host.querySelectorAll("time")) {
      time.dateTime = asOf;
      if (time.dataset.ago === undefined) time.textContent = text;
      else time.title = text;
    }
  }

  showAges() {
    const patterns = this.host.dataset.ages.split("|");
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.floor((this.now - Date.parse(time.dateTime)) / 1000);
      if (!(seconds >= 0)) continue;
      const unit = UNITS.findLastIndex(([, length]) => seconds >= length);
      const [, length] = UNITS[Math.max(0, unit)];
      const words = patterns[Math.max(0, unit)].replace("{}", Math.floor(seconds / length));
      if (time.textContent !== words) time.textContent = words;
    }
  }
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}
