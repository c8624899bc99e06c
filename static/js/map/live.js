// What changes while the map is open. static/js/live.js asks and tells it on the document
// as `ipam:live`; the picture takes bytes and numbers from it, words come with the page.

import { levelOf, tilesInView } from "./paint.js";
import { cellsOf } from "./plane.js";

const RINGED_MS = 10_000;
const REDRAW_MS = 500;
const NODE_SEEN_BEFORE = 16;
const FLAGS_TOLD = 7;
// Fetching words may take this share of the time, however slow the server is.
const REST_FOR_WORDS = 9;

export class Live {
  constructor(map) {
    this.map = map;
    this.changed = new Map();
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.refreshedAt = 0;
    this.rest = 0;
    document.addEventListener("ipam:live", ({ detail }) => this.take(detail));
  }

  take(answer) {
    if (answer.reset) this.reload();
    else this.apply(answer);
    this.map.draw();
    this.later();
  }

  apply({ cells, blocks, counters }) {
    const { map } = this;
    for (const [first, offset, byte] of cells) this.changeCell(first, Number(offset), byte);
    const isKnown = blocks.every((row) => this.changeBlock(row));
    const assigned = counters.pools[map.pool]?.blocks_assigned;
    const isMore = assigned !== undefined && assigned !== (this.assigned ?? map.assigned);
    this.assigned = assigned;
    if (isMore || !isKnown || this.hasNodesOfManyBlocks) map.load();
    map.filter.again();
    this.watch();
  }

  // Their slots are told of the blocks that changed alone.
  get hasNodesOfManyBlocks() {
    return this.map.blocks.list.some((block) => block.flags & NODE_SEEN_BEFORE);
  }

  changeCell(first, offset, byte) {
    const { map } = this;
    const start = cellsOf(map.plane, `${first}/${map.plane.bits}`);
    if (!start || !map.tiles) return;
    const index = start.first + offset;
    if (map.tiles.change(index, byte, map)) this.changed.set(index, performance.now());
  }

  // Take the numbers of a block; false where there is no such block on this plane yet.
  changeBlock([first, length, slotsUsed, slotsTotal, allocated, capacity, flags]) {
    const { map } = this;
    const cells = cellsOf(map.plane, `${first}/${length}`);
    if (!cells) return true;
    const block = map.byFirst.get(cells.first);
    if (block?.length !== length) return false;
    const own = block.flags & ~FLAGS_TOLD;
    Object.assign(block, { slotsUsed, slotsTotal, allocated, capacity, flags: own | flags });
    if (!map.tiles) this.changed.set(cells.first, performance.now());
    return true;
  }

  // More changed than can be told: ask anew for what is shown.
  reload() {
    const { map } = this;
    map.tiles?.reload(levelOf(map) === "addresses" ? tilesInView(map) : []);
    map.names.forget();
    map.load();
    map.filter.again();
  }

  // What changed a short while ago, and how much of that while is left.
  recent() {
    const now = performance.now();
    const found = [];
    for (const [first, at] of this.changed) {
      const share = 1 - (now - at) / RINGED_MS;
      if (share <= 0) this.changed.delete(first);
      else if (!this.calm.matches) found.push({ first, count: 1, share });
    }
    return found;
  }

  watch() {
    if (this.timer || !this.changed.size || this.calm.matches) return;
    this.timer = setInterval(() => {
      this.map.drawRings();
      if (this.changed.size) return;
      clearInterval(this.timer);
      this.timer = null;
    }, REDRAW_MS);
  }

  // The words of the page: at once, but never so often that they take much of the time.
  later() {
    this.waiting ??= setTimeout(() => this.refresh(), Math.max(0, this.refreshedAt + this.rest - Date.now()));
  }

  async refresh() {
    const start = Date.now();
    this.map.card.forget();
    await this.map.journey.refresh();
    this.refreshedAt = Date.now();
    this.rest = (this.refreshedAt - start) * REST_FOR_WORDS;
    this.waiting = null;
  }
}
