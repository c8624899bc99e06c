// What lies over the painted plane: outlines, names in the gutters, signs of what is
// nearly full, and near by the letters of each address. Never colour alone.

import { changeOf, shareOf } from "./blocks.js";
import { OUTSIDE, stepOf, styleOf } from "./colours.js";
import { hatch, levelOf, onScreen, paintUnassigned } from "./paint.js";
import { addressOf, cellAt, cidrOf, rectangle, tilesWithin } from "./plane.js";
import { sign, SIGNS } from "./signs.js";

const OVERLAPS = 8;
const MARKED = 0xf0;
const GRID_FROM = 8;
const NUMBERS_FROM = 22;
const CODES_FROM = 40;
const AXIS_TILE_FROM = 30;

export function mark(context, map) {
  const level = levelOf(map);
  map.texts.begin();
  nameTiles(map);
  markAxis(map);
  nameFree(map);
  if (level === "blocks") markFull(map);
  markOverlaps(context, map);
  if (level === "addresses") {
    if (map.view.k >= GRID_FROM) markCells(context, map);
    paintUnassigned(context, map);
    outlineBlocks(context, map);
  }
  map.texts.order(map.view);
}

// The name of each tile in its own gutter, where there is room for letters.
function nameTiles(map) {
  const { plane, view, colours } = map;
  let inner = 0;
  for (let depth = plane.groups.length - 1; depth >= 0; depth -= 1) {
    const group = plane.groups[depth];
    const gutter = group.gutter * view.k;
    const size = 2 ** (plane.leaf - group.start);
    for (const first of gutter < 11 ? [] : tilesWithin(plane, depth, view.sight)) {
      const box = onScreen(view, rectangle(plane, first, size));
      if (!box) continue;
      const y = box[1] - inner * view.k - Math.min(gutter / 2, 9);
      const x = Math.max(box[0], 4);
      const name = nameOf(map, { first, length: group.start, room: box[0] + box[2] - x });
      if (y > 4) map.texts.add(name, { x, y, room: box[0] + box[2] - x, ink: colours.muted, align: "start", isName: true });
    }
    inner += group.gutter;
  }
}

// The CIDR; where they fit also the slots of the one block that it is, and its node.
function nameOf({ plane, byFirst, names }, { first, length, room }) {
  const name = cidrOf(plane, first, length);
  const block = byFirst.get(first);
  const slots = block?.length === length ? `${name} ${block.slotsUsed}/${block.slotsTotal}` : name;
  const node = names.of(first, length);
  const letters = room / 7.3;
  return [`${slots} ${node}`, slots].find((each) => each.length <= letters) ?? name;
}

// Tiles in which nothing is given have room for their name inside.
function nameFree({ blocks, plane, view, colours, texts }) {
  for (const { first, length, box, isTile, isWhole } of blocks.free) {
    const around = isWhole && isTile && onScreen(view, box);
    if (!around || around[3] < 30) continue;
    const at = { x: around[0] + 5, y: around[1] + 10, room: around[2] - 8, ink: colours.muted, align: "start" };
    if (!texts.add(cidrOf(plane, first, length), at)) texts.add(lastPart(plane, first, length), at);
  }
}

// Where the gutters have no room: what the rows and columns of the outermost tiles are.
function markAxis(map) {
  const { plane, view, colours } = map;
  const [group] = plane.groups;
  if (plane.groups.length < 2 || group.gutter * view.k >= 11 || group.columns * group.rows < 2) return;
  const size = 2 ** (plane.leaf - group.end);
  const [, , width] = rectangle(plane, 0, size);
  if (width * view.k < AXIS_TILE_FROM) return;
  for (let row = 0; row < group.rows; row += 1) {
    const first = row * group.columns * size;
    const [x, y, , height] = rectangle(plane, first, size);
    const at = { x: x * view.k + view.x - 6, y: (y + height / 2) * view.k + view.y };
    map.texts.add(lastPart(plane, first, group.end), { ...at, room: 99, ink: colours.muted, align: "end", isName: true });
  }
  for (let column = 1; column < group.columns; column += 1) {
    const [x, y] = rectangle(plane, column * size, size);
    const at = { x: (x + width / 2) * view.k + view.x, y: y * view.k + view.y - 10 };
    map.texts.add(`+${column}`, { ...at, room: width * view.k, ink: colours.muted, isName: true });
  }
}

function markFull(map) {
  const { view, plane, texts } = map;
  for (const { block, box } of map.seen) {
    if (box[2] < 14 || box[3] < 14) continue;
    const { mark: sign, ink } = signOf(block, map);
    const [x, y] = [box[0] + box[2] / 2, box[1] + box[3] / 2];
    const isNumbered = box[2] >= NUMBERS_FROM && (plane.leaf !== plane.bits || block.length === 24);
    const isBoth = isNumbered && sign && box[3] >= CODES_FROM - 8;
    if (isNumbered && (isBoth || !sign)) {
      texts.add(lastPart(plane, block.first, block.length), { x, y: y - (isBoth ? 7 : 0), room: box[2], ink });
    }
    if (sign) texts.add(sign, { x, y: y + (isBoth ? 8 : 0), room: 99, ink });
  }
}

// What a block is marked with beside its colour.
function signOf(block, { isCompared, legend, colours, fill }) {
  if (isCompared) {
    const style = changeOf(block);
    return { mark: SIGNS[style] ?? "", ink: colours.kinds[style].ink };
  }
  const step = stepOf(shareOf(block, fill), legend);
  return { mark: legend.steps[step].mark, ink: colours.inks[step] };
}

// The last two hex digits of a prefix in IPv6, its last octet in IPv4.
function lastPart(plane, index, length) {
  const octet = Math.ceil(length / 8) - 1;
  if (plane.bits === 32) return addressOf(plane, index).split(".")[octet];
  const value = plane.base + (BigInt(index) << BigInt(plane.bits - plane.leaf));
  return ((value >> BigInt(plane.bits - 8 * (octet + 1))) & 255n).toString(16).padStart(2, "0");
}

function markOverlaps(context, map) {
  for (const { block, box } of map.seen) {
    if (block.flags & OVERLAPS) hatch(context, box, { ink: map.colours.text, step: 8, isCrossed: true });
  }
}

function outlineBlocks(context, map) {
  context.strokeStyle = map.colours.control;
  context.lineWidth = 1;
  for (const { box } of map.seen) context.strokeRect(box[0] - 0.5, box[1] - 0.5, box[2] + 1, box[3] + 1);
}

function markCells(context, map) {
  const { plane, view, tiles } = map;
  const side = view.k;
  const [left, top, right, bottom] = view.sight;
  rule(context, map);
  for (let y = Math.floor(top); y < bottom; y += 1) {
    for (let x = Math.floor(left); x < right; x += 1) {
      const index = cellAt(plane, x + 0.5, y + 0.5);
      const byte = index === null ? null : tiles.byteAt(index);
      if (byte === null || byte === OUTSIDE) continue;
      const cell = { index, byte, left: x * side + view.x, top: y * side + view.y };
      if (byte & MARKED) markStates(context, map, cell);
      if (side >= NUMBERS_FROM) writeCell(map, cell);
    }
  }
}

// Lines between the cells, of all tiles in one stroke.
function rule(context, { plane, view, colours }) {
  const { columns, rows } = plane.groups.at(-1);
  context.beginPath();
  for (const first of tilesWithin(plane, plane.groups.length - 1, view.sight)) {
    const [x, y, width, height] = onScreen(view, rectangle(plane, first, columns * rows)) ?? [];
    for (let column = 1; column < columns && width; column += 1) {
      context.moveTo(x + column * view.k, y);
      context.lineTo(x + column * view.k, y + height);
    }
    for (let row = 1; row < rows && width; row += 1) {
      context.moveTo(x, y + row * view.k);
      context.lineTo(x + width, y + row * view.k);
    }
  }
  context.strokeStyle = colours.page;
  context.lineWidth = 1.5;
  context.stroke();
}

function writeCell(map, { index, byte, left, top }) {
  const { view, legend, colours, plane, tiles } = map;
  const side = view.k;
  const { style, code } = styleOf(byte, legend);
  const ink = colours.kinds[style]?.ink ?? colours.muted;
  const alpha = tiles.isHit(index) ? 1 : 0.35;
  const isCoded = side >= CODES_FROM && code;
  const [x, y] = [left + side / 2, top + side / 2];
  map.texts.add(lastPart(plane, index, plane.bits), { x, y: y - (isCoded ? 7 : 0), room: side - 1, ink, alpha });
  if (isCoded) map.texts.add(code, { x, y: y + 8, room: side - 1, ink, alpha });
}

function markStates(context, map, { index, byte, left, top }) {
  const { view, legend, colours, tiles } = map;
  const side = view.k;
  const { style } = styleOf(byte, legend);
  context.globalAlpha = tiles.isHit(index) ? 1 : 0.35;
  if (byte & 0x10) markTerminating(context, map, left, top);
  if (map.isCompared) sign(context, map, { style, left, top });
  if (style === "duplicate" || style === "leaked") {
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.strokeRect(left + 1.5, top + 1.5, side - 3, side - 3);
  }
  context.globalAlpha = 1;
}

// A diagonal while there are no letters; then a wedge in the corner, to cross none.
function markTerminating(context, map, left, top) {
  const side = map.view.k;
  context.beginPath();
  if (side < NUMBERS_FROM) {
    context.strokeStyle = map.colours.page;
    context.lineWidth = Math.max(1.5, side / 8);
    context.moveTo(left, top + side);
    context.lineTo(left + side, top);
    context.stroke();
    return;
  }
  const wedge = side * 0.3;
  context.fillStyle = map.colours.page;
  context.moveTo(left + side - wedge, top);
  context.lineTo(left + side, top);
  context.lineTo(left + side, top + wedge);
  context.fill();
}
