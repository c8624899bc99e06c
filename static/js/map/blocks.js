// The blocks of a pool, from the bytes of blocks.bin (docs/map-format.md) to rectangles.

import { parentLength, rectangle } from "./plane.js";

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };
const NODE_SEEN_BEFORE = 16;

function decode(buffer) {
  const length = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const columns = {};
  for (const { name, type, offset } of header.columns) {
    columns[name] = new ARRAYS[type](buffer, offset, header.count);
  }
  return { header, columns };
}

export async function loadBlocks(url, plane, cidr) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  const { header, columns } = decode(await response.arrayBuffer());
  const range = header.ranges.find((each) => each.cidr === cidr);
  if (!range) return { header, list: [], free: [], freeCount: 0, unitLength: null };
  const list = [];
  for (let row = range.start; row < range.start + range.count; row += 1) {
    list.push(blockOf(columns, row, range, plane));
  }
  return { header, list, ...freePlaces(list, range, plane) };
}

function blockOf(columns, row, range, plane) {
  const length = columns.prefix_length[row];
  const first = Math.floor(columns.index[row] * 2 ** (plane.leaf - range.unit));
  const count = 2 ** Math.max(0, plane.leaf - length);
  const flags = columns.flags[row];
  return {
    first,
    count,
    length,
    unit: columns.index[row],
    slotsUsed: columns.slots_used[row],
    slotsTotal: columns.slots_total[row],
    allocated: columns.allocated[row],
    capacity: columns.capacity[row],
    flags,
    // Of two instants side by side: how many addresses differ, by what differs.
    gone: columns.gone?.[row] ?? 0,
    added: columns.new?.[row] ?? 0,
    changed: columns.changed?.[row] ?? 0,
    isFirstOfNode: !(flags & NODE_SEEN_BEFORE),
    box: rectangle(plane, first, count),
  };
}

// Where a block of the pool's size would fit and none is, by the tiles around: each with
// its places, and whether all of it is free.
function freePlaces(list, range, plane) {
  const length = range.block_prefix_length;
  if (length === null || length - plane.length > 16) return { free: [], freeCount: 0, unitLength: length };
  const size = 2 ** (plane.leaf - length);
  const taken = takenPlaces(list, size, 2 ** (length - plane.length));
  const around = parentLength(plane, length) ?? plane.length;
  const tile = 2 ** (plane.leaf - around);
  const free = [];
  let freeCount = 0;
  for (let first = 0; first < plane.count; first += tile) {
    const numbers = freeNumbers(taken, first / size, tile / size);
    if (!numbers.length) continue;
    freeCount += numbers.length;
    const isWhole = numbers.length === tile / size;
    const box = rectangle(plane, first, tile);
    free.push({ first, length: around, size, box, numbers, isTile: tile > size, isWhole });
  }
  return { free, freeCount, unitLength: length };
}

function freeNumbers(taken, start, count) {
  const numbers = [];
  for (let place = start; place < start + count; place += 1) if (!taken[place]) numbers.push(place);
  return numbers;
}

// The rectangles of a tile's free places, made when they are first drawn.
export function placesOf(plane, tile) {
  tile.places ??= tile.numbers.map((place) => rectangle(plane, place * tile.size, tile.size));
  return tile.places;
}

function takenPlaces(list, size, count) {
  const taken = new Uint8Array(count);
  for (const block of list) {
    const start = Math.floor(block.first / size);
    taken.fill(1, start, Math.max(start + 1, Math.ceil((block.first + block.count) / size)));
  }
  return taken;
}

// What differs of blocks between two instants, as the style that paints it: whether more,
// fewer or as many addresses are held after.
export function changeOf({ gone, added, changed }) {
  if (added !== gone) return added > gone ? "new" : "gone";
  return added || changed ? "changed" : "same";
}

// The share that fills a block: of its node's pod slots, or of its addresses.
export function shareOf(block, fill) {
  const [part, whole] =
    fill === "addresses" ? [block.allocated, block.capacity] : [block.slotsUsed, block.slotsTotal];
  return whole ? part / whole : 0;
}
