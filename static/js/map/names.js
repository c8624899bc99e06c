// Which node has a block: asked for by the level around, once tiles are large enough to
// bear its name in their gutter.

import { cellsOf, cidrOf, parentLength, tilesWithin } from "./plane.js";

// The side of a cell from which a tile of sixteen has room for a name.
const FROM = 16;
const MOST_LEVELS = 16;

export class Names {
  constructor(map) {
    this.map = map;
    this.kept = new Map();
  }

  forget() {
    this.kept.clear();
  }

  // The node that has the tile at a first cell; "" while it is not known.
  of(first, length) {
    const level = this.kept.get(this.around(first, length));
    return level?.get(first) ?? "";
  }

  around(first, length) {
    const { plane } = this.map;
    return cidrOf(plane, first, parentLength(plane, length) ?? plane.length);
  }

  // Ask for the names of the tiles in sight, where they may be written.
  want() {
    const { plane, view } = this.map;
    const depth = plane.groups.length - 1;
    if (view.k < FROM || plane.leaf !== plane.bits || depth < 1) return;
    const length = plane.groups[depth].start;
    for (const first of tilesWithin(plane, depth, view.sight)) this.ask(this.around(first, length));
  }

  async ask(cidr) {
    if (this.kept.has(cidr)) return;
    this.kept.set(cidr, null);
    if (this.kept.size > MOST_LEVELS) this.kept.delete(this.kept.keys().next().value);
    const { api, pool, plane, when } = this.map;
    const response = await fetch(`${api}children/${cidr}/?pool=${pool}${when ? `&${when}` : ""}`).catch(() => null);
    if (!response?.ok) return;
    const { rows } = await response.json();
    const named = rows.filter((row) => row.node);
    const cells = named.map((row) => [cellsOf(plane, `${row.first}/${plane.bits}`).first, row.node]);
    this.kept.set(cidr, new Map(cells));
    this.map.draw();
  }
}
