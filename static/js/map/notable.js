// The next thing worth a look, in address order: what matches the filter; without one,
// what is nearly full, or of two instants side by side what differs. Goes to the level it lies in where that is another one.

import { changeOf, shareOf } from "./blocks.js";
import { stepOf } from "./colours.js";
import { cellsOf, childLength, cidrOf } from "./plane.js";

const ALARM = 5;

export class Notable {
  constructor(map) {
    this.map = map;
  }

  // First cells of what is notable, in order.
  places() {
    const { map } = this;
    if (map.mask) return map.mask.firsts;
    if (map.isCompared) return map.blocks.list.filter((block) => changeOf(block) !== "same").map((block) => block.first);
    const isFull = (block) => stepOf(shareOf(block, map.fill), map.legend) >= ALARM;
    return map.blocks.list.filter(isFull).map((block) => block.first);
  }

  async go(direction) {
    const { map } = this;
    const here = cellsOf(map.plane, map.grid.current.dataset.cidr);
    if (this.inTile(direction)) return;
    const places = this.places();
    const isBeyond = (first) => (direction > 0 ? first >= here.first + here.count : first < here.first);
    const next =
      direction > 0
        ? (places.find(isBeyond) ?? places[0])
        : (places.findLast(isBeyond) ?? places.at(-1));
    if (next === undefined) return;
    await this.stand(next, direction);
  }

  // Among the addresses of the level that has the focus: those that match.
  inTile(direction) {
    const { map } = this;
    const { grid, tiles, plane } = map;
    if (!map.mask || !tiles || grid.length !== plane.bits) return false;
    for (let at = grid.at + direction; at >= 0 && at < grid.cells.length; at += direction) {
      if (tiles.isHit(grid.first + at)) return grid.move(at);
    }
    return false;
  }

  async stand(first, direction) {
    const { map } = this;
    const { plane, grid } = map;
    const level = cellsOf(plane, map.journey.cidr);
    const isHere = first >= level.first && first < level.first + level.count;
    if (!isHere) await map.journey.go(cidrOf(plane, first, level.length), { focus: cidrOf(plane, first, childLength(plane, level.length)) });
    else grid.focusOn(cidrOf(plane, first, plane.leaf));
    if (grid.length === plane.bits) this.firstHit(direction);
  }

  firstHit(direction) {
    const { grid, tiles } = this.map;
    const order = [...grid.cells.keys()];
    const at = (direction > 0 ? order : order.reverse()).find((each) => tiles?.isHit(grid.first + each));
    grid.move(at ?? 0);
  }
}
