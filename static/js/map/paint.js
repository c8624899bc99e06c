// Paints the plane: at a distance blocks in the steps of their share, nearer the addresses
// as one bitmap for each tile. Marks and letters lie over it (marks.js).

import { changeOf, placesOf, shareOf } from "./blocks.js";
import { stepOf } from "./colours.js";
import { childLength, rectangle } from "./plane.js";

// The side of a /24 on the screen from which addresses are drawn, and fetched.
export const ADDRESSES_FROM = 32;
const FETCH_FROM = 20;
const SUPERNETS_BELOW = 3;
const DIMMED = 0.25;
// Places for blocks that are smaller on the screen are not dots of their own where all
// around them is free too.
const OWN_DOT_FROM = 9;

export function levelOf({ plane, view }) {
  const side = view.k * (plane.leaf === plane.bits ? 16 : 1);
  if (plane.leaf === plane.bits && side >= ADDRESSES_FROM) return "addresses";
  if (plane.leaf === plane.bits && side < SUPERNETS_BELOW) return "supernets";
  return "blocks";
}

export function paint(context, map) {
  const { view, colours } = map;
  map.counts = { fillRect: 0, drawImage: 0, fillText: 0 };
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = colours.page;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
  const level = levelOf(map);
  map.seen = level === "supernets" ? [] : blocksInSight(map);
  if (level === "supernets") paintSupernets(context, map);
  if (level === "blocks") {
    paintUnassigned(context, map);
    paintBlocks(context, map);
  }
  if (level === "addresses") paintAddresses(context, map);
  else if (map.tiles && view.k * 16 >= FETCH_FROM) tilesInView(map).forEach((n) => map.tiles.get(n));
}

// The box on the screen; null where it lies outside.
export function onScreen(view, [x, y, width, height]) {
  const left = x * view.k + view.x;
  const top = y * view.k + view.y;
  const [w, h] = [width * view.k, height * view.k];
  if (left > view.width || top > view.height || left + w < 0 || top + h < 0) return null;
  return [left, top, w, h];
}

function blocksInSight({ blocks, view }) {
  const seen = [];
  for (const block of blocks.list) {
    const box = onScreen(view, block.box);
    if (box) seen.push({ block, box });
  }
  return seen;
}

export function paintUnassigned(context, map) {
  const { view, colours, blocks, plane } = map;
  context.lineWidth = 1;
  context.strokeStyle = colours.hairline;
  context.fillStyle = colours.unassigned;
  for (const tile of blocks.free) {
    const around = onScreen(view, tile.box);
    if (!around) continue;
    if (tile.isTile) context.strokeRect(around[0] - 0.5, around[1] - 0.5, around[2] + 1, around[3] + 1);
    const [, , width, height] = rectangle(plane, tile.first, tile.size);
    if (tile.isWhole && Math.min(width, height) * view.k < OWN_DOT_FROM) dot(context, around, map);
    else placesOf(plane, tile).forEach((place) => dot(context, onScreen(view, place), map));
  }
}

// In the middle; of a place that is long, where it begins.
function dot(context, box, map) {
  if (!box) return;
  const [left, top, width, height] = box;
  const side = Math.max(1.5, Math.min(4, Math.min(width, height) * 0.25));
  const middle = width > 3 * height ? height / 2 : width / 2;
  context.fillRect(left + middle - side / 2, top + (height - side) / 2, side, side);
  map.counts.fillRect += 1;
}

function paintBlocks(context, map) {
  const { colours, legend, fill, mask } = map;
  for (const { block, box } of map.seen) {
    const [left, top, width, height] = box;
    const gap = Math.min(1, width * 0.12);
    context.globalAlpha = mask && !mask.has(block) ? DIMMED : 1;
    context.fillStyle = map.isCompared ? colours.kinds[changeOf(block)].fill : colours.levels[stepOf(shareOf(block, fill), legend)];
    context.fillRect(left, top, Math.max(1, width - gap), Math.max(1, height - gap));
    map.counts.fillRect += 1;
  }
  context.globalAlpha = 1;
}

// Of a plane too large to show its blocks: how many of the places for blocks are given.
function paintSupernets(context, map) {
  const { plane, view, colours, legend, blocks } = map;
  const length = childLength(plane, plane.length);
  const size = 2 ** (plane.leaf - length);
  const given = new Float64Array(2 ** (length - plane.length));
  const sums = [...given].map(() => ({ gone: 0, added: 0, changed: 0 }));
  for (const block of blocks.list) {
    const number = Math.floor(block.first / size);
    given[number] += block.count / size;
    for (const name of Object.keys(sums[number])) sums[number][name] += block[name];
  }
  given.forEach((share, number) => {
    const box = onScreen(view, rectangle(plane, number * size, size));
    if (!box) return;
    const fill = map.isCompared ? colours.kinds[changeOf(sums[number])].fill : colours.levels[stepOf(share, legend)];
    context.fillStyle = share ? fill : colours.unassigned;
    if (!share) {
      dot(context, box, map);
      return;
    }
    context.fillRect(...box);
    map.counts.fillRect += 1;
  });
}

export function tilesInView(map) {
  const { plane, view, tiles } = map;
  const found = [];
  for (let number = 0; number * tiles.size < plane.count; number += 1) {
    if (onScreen(view, rectangle(plane, number * tiles.size, tiles.size))) found.push(number);
  }
  return found;
}

function paintAddresses(context, map) {
  const { plane, view, tiles } = map;
  context.imageSmoothingEnabled = false;
  map.failed = [];
  for (const number of tilesInView(map)) {
    const tile = tiles.get(number);
    const box = onScreen(view, rectangle(plane, number * tiles.size, tiles.size));
    if (tile.state === "failed") {
      hatch(context, box, { ink: map.colours.control });
      map.failed.push(tiles.cidr(number));
    }
    if (!tile.bytes) continue;
    context.drawImage(tiles.bitmapOf(tile, map), ...box);
    map.counts.drawImage += 1;
  }
}

// Lines over a box, from low left to high right; crossed: also the other way.
export function hatch(context, [left, top, width, height], { ink, step = 14, isCrossed = false }) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  const from = Math.max(left, 0) - height;
  const right = Math.min(left + width, context.canvas.width);
  for (let x = from; x < right; x += step) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
    if (!isCrossed) continue;
    context.moveTo(x, top);
    context.lineTo(x + height, top + height);
  }
  context.stroke();
  context.restore();
}
