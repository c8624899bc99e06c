// The bytes of addresses, fetched in tiles of up to 65,536 as they come into view, and the
// small bitmap each is drawn from. A tile that failed stays so until it is asked again.

import { OUTSIDE, parts, styleOf } from "./colours.js";
import { addressOf, spot } from "./plane.js";

const MOST_TILES = 64;
const DIMMED = 64;

export class Tiles {
  constructor({ plane, api, when, onChange }) {
    this.plane = plane;
    this.api = api;
    this.when = when;
    this.onChange = onChange;
    this.length = Math.max(plane.length, plane.bits - 16);
    this.size = 2 ** (plane.leaf - this.length);
    this.kept = new Map();
    this.query = "";
    [this.width, this.height] = this.extent();
    this.places = this.layOut();
  }

  // Which pixel of a bitmap each address is: all tiles are laid out alike.
  layOut() {
    let places = new Uint32Array(1);
    for (const group of [...this.plane.groups].reverse()) {
      if (group.start < this.length) break;
      const count = group.columns * group.rows;
      const wider = new Uint32Array(count * places.length);
      for (let value = 0; value < count; value += 1) {
        const row = Math.floor(value / group.columns);
        const start = row * group.stepY * this.width + (value % group.columns) * group.stepX;
        for (let at = 0; at < places.length; at += 1) wider[value * places.length + at] = start + places[at];
      }
      places = wider;
    }
    return places;
  }

  // A tile's extent without the gutter of its own level, which lies outside of it.
  extent() {
    const [left, top] = spot(this.plane, 0);
    const [right, bottom] = spot(this.plane, this.size - 1);
    return [right - left + 1, bottom - top + 1];
  }

  // The tile of a number, from memory or on its way.
  get(number) {
    let tile = this.kept.get(number);
    if (tile) {
      this.kept.delete(number);
    } else {
      tile = { number, state: "loading", bytes: null, bits: null, bitmap: null };
      this.fetch(tile);
    }
    this.kept.set(number, tile);
    if (this.kept.size > MOST_TILES) this.kept.delete(this.kept.keys().next().value);
    return tile;
  }

  cidr(number) {
    return `${addressOf(this.plane, number * this.size)}/${this.length}`;
  }

  async fetch(tile) {
    if (!tile.bytes) tile.state = "loading";
    tile.isBehind = false;
    const cidr = this.cidr(tile.number);
    const query = this.query;
    try {
      const [bytes, bits] = await Promise.all([
        fetchBytes(`${this.api}cells/${cidr}/${this.when ? `?${this.when}` : ""}`),
        query ? fetchBits(`${this.api}mask/${cidr}/?q=${encodeURIComponent(query)}`) : null,
      ]);
      if (query !== this.query) return;
      Object.assign(tile, { bytes, bits, bitmap: null, state: "ready" });
      if (tile.isBehind) await this.fetch(tile);
    } catch {
      tile.state = "failed";
    }
    this.onChange();
  }

  // Ask anew for the tiles that are shown; the others are forgotten. What is shown stays
  // until the answer, which is "not modified" where nothing changed.
  reload(shown) {
    for (const [number, tile] of this.kept) {
      if (shown.includes(number)) this.fetch(tile);
      else this.kept.delete(number);
    }
  }

  // Let an address have another byte; false where it is as it was, or is not here.
  change(index, byte, { colours, legend }) {
    const tile = this.kept.get(Math.floor(index / this.size));
    if (!tile?.bytes) {
      if (tile) tile.isBehind = true;
      return false;
    }
    const offset = index % this.size;
    if (tile.bytes[offset] === byte) return false;
    tile.bytes[offset] = byte;
    if (tile.bitmap) this.dab(tile, offset, colours.kinds[styleOf(byte, legend).style]?.fill ?? colours.panel);
    return true;
  }

  // One pixel of a bitmap anew.
  dab({ bitmap, bytes }, offset, fill) {
    const context = bitmap.getContext("2d");
    const place = this.places[offset];
    const spot = [place % this.width, Math.floor(place / this.width), 1, 1];
    context.clearRect(...spot);
    if (bytes[offset] === OUTSIDE) return;
    context.fillStyle = fill;
    context.fillRect(...spot);
  }

  retry() {
    for (const tile of this.kept.values()) if (tile.state === "failed") this.fetch(tile);
    this.onChange();
  }

  // Forget what is kept: the data changed, or the filter did.
  reset(query = this.query) {
    this.query = query;
    this.kept.clear();
  }

  repaint() {
    for (const tile of this.kept.values()) tile.bitmap = null;
  }

  byteAt(index) {
    const tile = this.kept.get(Math.floor(index / this.size));
    return tile?.bytes ? tile.bytes[index % this.size] : null;
  }

  isHit(index) {
    const bits = this.kept.get(Math.floor(index / this.size))?.bits;
    if (!bits) return true;
    const offset = index % this.size;
    return Boolean(bits[offset >> 3] & (128 >> (offset & 7)));
  }

  bitmapOf(tile, { colours, legend }) {
    tile.bitmap ??= this.paint(tile, colours, legend);
    return tile.bitmap;
  }

  paint(tile, colours, legend) {
    const canvas = new OffscreenCanvas(this.width, this.height);
    const context = canvas.getContext("2d");
    const image = context.createImageData(this.width, this.height);
    const pixels = new Uint32Array(image.data.buffer);
    const palette = paletteOf(colours, legend);
    for (let offset = 0; offset < this.size; offset += 1) {
      const byte = tile.bytes[offset];
      if (byte === OUTSIDE) continue;
      const isHit = !tile.bits || tile.bits[offset >> 3] & (128 >> (offset & 7));
      pixels[this.places[offset]] = (((isHit ? 255 : DIMMED) << 24) | palette[byte]) >>> 0;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }
}

function paletteOf(colours, legend) {
  const palette = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    const { style } = styleOf(byte, legend);
    const [red, green, blue] = parts(colours.kinds[style]?.fill ?? colours.panel);
    palette[byte] = (blue << 16) | (green << 8) | red;
  }
  return palette;
}

async function answer(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

async function fetchBytes(url) {
  return new Uint8Array(await (await answer(url)).arrayBuffer());
}

async function fetchBits(url) {
  const { bits } = await (await answer(url)).json();
  return bits ? Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0)) : null;
}
