// The filter: the server says what matches, as blocks with hits and bits of addresses; the
// rest dims. How many is told in words of the page.

export class Filter {
  constructor(map, host) {
    this.map = map;
    this.host = host;
    this.form = document.getElementById("map-ask");
    this.told = document.querySelector("[data-found]");
    this.words = document.getElementById("map-words").content;
    this.clear = this.form.querySelector("[data-clear]");
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.elements.fill.addEventListener("change", () => this.refill());
    this.clear.addEventListener("click", () => {
      this.form.elements.q.value = "";
      this.form.requestSubmit();
    });
  }

  get query() {
    return this.form.elements.q.value.trim();
  }

  submit(event) {
    event.preventDefault();
    this.map.journey.keep("q", this.query);
    this.map.journey.refresh();
    this.ask();
  }

  refill() {
    const { value } = this.form.elements.fill;
    this.map.fill = value;
    this.map.journey.keep("fill", value === "slots" ? "" : value);
    this.map.draw();
  }

  // Take the filter of an address (of a page gone back to).
  take(parameters) {
    const query = parameters.get("q") ?? "";
    this.map.fill = parameters.get("fill") ?? "slots";
    this.form.elements.fill.value = this.map.fill;
    if (query === this.query) return this.map.draw();
    this.form.elements.q.value = query;
    return this.ask();
  }

  // What was asked last, of what the cluster is now.
  again() {
    if (this.asked) this.ask(this.asked);
  }

  async ask(query = this.query) {
    const { map } = this;
    this.clear.hidden = !query;
    if (map.tiles && map.tiles.query !== query) map.tiles.reset(query);
    if (query !== this.asked) map.mask = null;
    this.asked = query;
    if (!query) {
      this.told.textContent = "";
      return map.draw();
    }
    try {
      const response = await fetch(`${map.api}mask/${this.host.dataset.plane}/?q=${encodeURIComponent(query)}`);
      const answer = await response.json();
      if (query !== this.asked) return undefined;
      if (response.ok) this.found(answer);
      else this.tell("unread", {}, answer.error.message);
    } catch {
      this.tell("unread", {});
    }
    return map.draw();
  }

  found(answer) {
    const { plane } = this.map;
    const size = 2 ** (plane.leaf - answer.unit);
    const firsts = answer.blocks.map(([index]) => Math.floor(index * size)).sort((one, other) => one - other);
    const test = ({ first, count }) => firsts[placeOf(firsts, first)] < first + Math.max(1, count);
    this.map.mask = { firsts, test, has: test };
    this.indexHits();
    this.tell(answer.hits ? "hits" : "none", answer);
  }

  // Which blocks have hits, once, not in every frame.
  indexHits() {
    const { mask, blocks } = this.map;
    if (!mask) return;
    const found = new Set(blocks.list.filter(mask.test));
    mask.has = (block) => found.has(block);
  }

  tell(kind, numbers, more = "") {
    const words = this.words.querySelector(`[data-${kind}]`).textContent;
    const text = words.replace(/\{(\w+)\}/g, (_, name) => Number(numbers[name] ?? 0).toLocaleString("en").replaceAll(",", "\u202f"));
    this.told.textContent = more ? `${text}: ${more}` : text;
  }
}

// The place of the first number in a list in order that is not below a value.
function placeOf(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
