// What tests and benchmarks ask of the picture: where things stand, and what it cost.

import { levelOf } from "./paint.js";
import { cellsOf, rectangle, spot } from "./plane.js";

export function expose(map) {
  const { plane, view } = map;
  const toScreen = ([x, y, width, height]) => [x * view.k + view.x, y * view.k + view.y, width * view.k, height * view.k];
  const boxOf = (cidr) => {
    const cells = cellsOf(plane, cidr);
    return cells && rectangle(plane, cells.first, cells.count);
  };
  window.ipamMap = {
    blockAt: (left, top) => map.cidrAt(left, top),
    rectOf: (cidr) => {
      const box = boxOf(cidr);
      return box && toScreen(box);
    },
    pixelOf: (ip) => {
      const cells = cellsOf(plane, `${ip}/${plane.bits}`);
      if (!cells) return null;
      const [left, top, width, height] = toScreen([...spot(plane, cells.first), 1, 1]);
      return [left + width / 2, top + height / 2];
    },
    fit: (cidr) => map.fitTo(cidr),
    dive: (cidr) => map.fitTo(cidr, { animate: true }),
    pan: (right, down) => map.view.pan(right, down),
    stats: () => stats(map),
    // The most that one frame drew since this was asked last.
    most: () => {
      const { most } = map;
      map.most = { fillRect: 0, drawImage: 0, fillText: 0 };
      return most;
    },
  };
}

function stats(map) {
  const { blocks, mask, tiles } = map;
  const hits = mask ? blocks.list.filter((block) => mask.has(block)).length : blocks.list.length;
  return {
    level: levelOf(map),
    k: map.view.k,
    frames: map.frames,
    blocks: blocks.list.length,
    hits,
    dimmed: blocks.list.length - hits,
    allocated: blocks.list.reduce((sum, block) => sum + block.allocated, 0),
    free: blocks.freeCount,
    tiles: [...(tiles?.kept.values() ?? [])].map(({ number, state }) => [tiles.cidr(number), state]),
    waiting: map.texts.waiting?.length ?? 0,
    isFading: map.fade.isOn,
    ...map.counts,
  };
}
