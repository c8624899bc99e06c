// Where an address is drawn: the twin of ipamweb/cidrmap/plane.py, held by the same vectors.
// A cell is numbered from the plane's first address; only texts and numbers of addresses
// are BigInt. Not here: what a cell shows, and where the screen stands.

// Room for a label left of and above each tile, in cells, by how many levels lie below it.
const GUTTERS = [0, 1, 12, 26];

export function parseAddress(text) {
  if (!text.includes(":")) {
    const value = text.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
    return { bits: 32, value };
  }
  const [head, tail] = text.split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const words = [...left, ...Array(zeros).fill("0"), ...right];
  return { bits: 128, value: words.reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n) };
}

// The one text of an address: dotted quad, or RFC 5952.
export function formatAddress(value, bits) {
  if (bits === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  }
  const words = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) words.push((value >> shift) & 0xffffn);
  const { start, length } = longestRunOfZeros(words);
  const hex = words.map((word) => word.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

function longestRunOfZeros(words) {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start += 1) {
    let length = 0;
    while (start + length < words.length && words[start + length] === 0n) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

export function parseCidr(text) {
  const [address, length] = text.split("/");
  return { ...parseAddress(address), length: Number(length) };
}

// The plane of a CIDR, down to cells of prefix length `leaf`.
export function makePlane(cidr, leaf) {
  const { bits, value, length } = parseCidr(cidr);
  const groups = [];
  for (let start = length; start < leaf; ) {
    const end = Math.min(leaf, (Math.floor(start / 8) + 1) * 8);
    const size = end - start;
    groups.push({ start, end, columns: 2 ** Math.ceil(size / 2), rows: 2 ** Math.floor(size / 2) });
    start = end;
  }
  let width = 1;
  let height = 1;
  for (const [depth, group] of [...groups.entries()].reverse()) {
    group.gutter = GUTTERS[Math.min(groups.length - depth, GUTTERS.length - 1)];
    group.below = 2 ** (leaf - group.end);
    group.stepX = width;
    group.stepY = height;
    width = group.gutter + group.columns * width;
    height = group.gutter + group.rows * height;
  }
  return { bits, base: value, length, leaf, groups, width, height, count: 2 ** (leaf - length) };
}

// The numbers (column, row) of a cell, gutters left out.
export function place(plane, index) {
  let x = 0;
  let y = 0;
  for (const group of plane.groups) {
    const value = digitOf(group, index);
    x = x * group.columns + (value % group.columns);
    y = y * group.rows + Math.floor(value / group.columns);
  }
  return [x, y];
}

// Where a cell stands when each tile has room for its label.
export function spot(plane, index) {
  let x = 0;
  let y = 0;
  for (const group of plane.groups) {
    const value = digitOf(group, index);
    x += group.gutter + (value % group.columns) * group.stepX;
    y += group.gutter + Math.floor(value / group.columns) * group.stepY;
  }
  return [x, y];
}

function digitOf(group, index) {
  return Math.floor(index / group.below) % (group.columns * group.rows);
}

// The first cell of what lies at a column and row, gutters left out.
export function indexAt(plane, x, y) {
  let index = 0;
  let [restX, restY] = [x, y];
  for (const group of [...plane.groups].reverse()) {
    const value = (restY % group.rows) * group.columns + (restX % group.columns);
    index += value * 2 ** (plane.leaf - group.end);
    restX = Math.floor(restX / group.columns);
    restY = Math.floor(restY / group.rows);
  }
  return index;
}

// The cell at a spot of the plane with gutters; null in a gutter and outside.
export function cellAt(plane, x, y) {
  let index = 0;
  let [restX, restY] = [x, y];
  for (const group of plane.groups) {
    restX -= group.gutter;
    restY -= group.gutter;
    const column = Math.floor(restX / group.stepX);
    const row = Math.floor(restY / group.stepY);
    if (column < 0 || row < 0 || column >= group.columns || row >= group.rows) return null;
    index += (row * group.columns + column) * 2 ** (plane.leaf - group.end);
    restX -= column * group.stepX;
    restY -= row * group.stepY;
  }
  return index;
}

// The first cells of the tiles at a depth of the plane that a window of it touches; the
// window is [left, top, right, bottom] in cells. Depth 0 is the plane itself.
export function* tilesWithin(plane, depth, sight, from = { level: 0, first: 0, x: 0, y: 0 }) {
  if (from.level === depth) {
    yield from.first;
    return;
  }
  const group = plane.groups[from.level];
  const [x, y] = [from.x + group.gutter, from.y + group.gutter];
  const clamp = (value, most) => Math.min(Math.max(Math.floor(value), 0), most);
  const right = clamp((sight[2] - x) / group.stepX, group.columns - 1);
  const bottom = clamp((sight[3] - y) / group.stepY, group.rows - 1);
  const left = clamp((sight[0] - x) / group.stepX, group.columns - 1);
  const size = 2 ** (plane.leaf - group.end);
  for (let row = clamp((sight[1] - y) / group.stepY, group.rows - 1); row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const first = from.first + (row * group.columns + column) * size;
      const inner = { level: from.level + 1, first, x: x + column * group.stepX, y: y + row * group.stepY };
      yield* tilesWithin(plane, depth, sight, inner);
    }
  }
}

// The rectangle [x, y, width, height] of cells in a row of addresses that is one CIDR.
export function rectangle(plane, first, count) {
  const [left, top] = spot(plane, first);
  if (count <= 1) return [left, top, 1, 1];
  const [right, bottom] = spot(plane, first + Math.max(count, 1) - 1);
  return [left, top, right - left + 1, bottom - top + 1];
}

// First cell and number of cells of a CIDR's text; null outside the plane.
export function cellsOf(plane, text) {
  const { bits, value, length } = parseCidr(text);
  const offset = value - plane.base;
  const first = Number(offset >> BigInt(bits - plane.leaf));
  if (bits !== plane.bits || offset < 0n || first >= plane.count) return null;
  return { first, count: 2 ** Math.max(0, plane.leaf - length), length };
}

export function addressOf(plane, index) {
  const value = plane.base + (BigInt(index) << BigInt(plane.bits - plane.leaf));
  return formatAddress(value, plane.bits);
}

// The text of the CIDR of a length that holds a cell.
export function cidrOf(plane, index, length) {
  const size = 2 ** Math.max(0, plane.leaf - length);
  return `${addressOf(plane, Math.floor(index / size) * size)}/${length}`;
}

// The next cut of the plane below a prefix length: what a level's children are.
export function childLength(plane, length) {
  return plane.groups.find((group) => length < group.end)?.end ?? plane.leaf;
}

// The level above a CIDR: the longest cut that is shorter; null at the plane itself.
export function parentLength(plane, length) {
  const cuts = [plane.length, ...plane.groups.map((group) => group.end)];
  return cuts.filter((cut) => cut < length).at(-1) ?? null;
}
