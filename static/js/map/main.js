// The picture of a pool's map: wires the plane, its data, the view, the focus and the
// page's parts together. Without it, or where it cannot be seen, the page is its table.

import { loadBlocks } from "./blocks.js";
import { readColours, readLegend } from "./colours.js";
import { Box } from "./box.js";
import { Card } from "./card.js";
import { expose } from "./expose.js";
import { Fade } from "./fade.js";
import { Filter } from "./filter.js";
import { Grid } from "./grid.js";
import { Journey } from "./journey.js";
import { Live } from "./live.js";
import { mark } from "./marks.js";
import { Names } from "./names.js";
import { Notable } from "./notable.js";
import { drawRings } from "./rings.js";
import { levelOf, paint } from "./paint.js";
import { queryOf } from "./when.js";
import { addressOf, cellAt, cellsOf, childLength, cidrOf, makePlane, rectangle } from "./plane.js";
import { Texts } from "./texts.js";
import { Tiles } from "./tiles.js";
import { View } from "./view.js";

const page = document.getElementById("map-page");
const host = document.getElementById("map");
const [ground, over] = host.querySelectorAll("canvas");
const cannotBeSeen = matchMedia("(forced-colors: active), (max-width: 640px)");

class PoolMap {
  constructor() {
    const { plane, leaf, pool, api, at, vs } = host.dataset;
    this.plane = makePlane(plane, Number(leaf));
    this.api = api;
    // The instants that are shown, as a part of a query; empty: now.
    this.when = queryOf({ at, vs });
    // Two instants side by side: what differs is painted, not how full things are.
    this.isCompared = Boolean(vs);
    this.pool = pool;
    this.legend = readLegend(document);
    this.blocks = { list: [], free: [], freeCount: 0, unitLength: null };
    this.byFirst = new Map();
    this.names = new Names(this);
    this.texts = new Texts();
    this.fade = new Fade();
    this.most = { fillRect: 0, drawImage: 0, fillText: 0 };
    this.fill = new URLSearchParams(location.search).get("fill") ?? "slots";
    this.mask = null;
    this.focus = null;
    this.selection = new URLSearchParams(location.search).get("sel");
    this.failed = [];
    this.frames = 0;
    this.tiles = this.plane.leaf === this.plane.bits ? this.newTiles() : null;
    this.view = new View({
      host,
      plane: this.plane,
      onMove: () => this.draw(),
      onEnd: () => this.journey?.rememberView(),
    });
    this.readTheme();
  }

  newTiles() {
    return new Tiles({ plane: this.plane, api: this.api, when: this.when, onChange: () => this.draw() });
  }

  readTheme() {
    this.colours = readColours(this.legend);
    this.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue("--mono")}`;
    this.tiles?.repaint();
    this.draw();
  }

  async load() {
    const cidr = host.dataset.plane;
    try {
      this.blocks = await loadBlocks(host.dataset.blocks, this.plane, cidr);
      this.byFirst = new Map(this.blocks.list.map((block) => [block.first, block]));
      this.assigned = this.blocks.header.count + this.blocks.header.outside;
      this.filter.indexHits();
      this.isUnread = false;
    } catch {
      this.isUnread = true;
    }
    this.draw();
  }

  draw() {
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = null;
      this.drawNow();
    });
  }

  drawNow() {
    if (!host.clientWidth) return;
    this.fade.keep(ground, levelOf(this), this.drawn);
    this.view.measure();
    for (const canvas of [ground, over]) resize(canvas, this.view);
    const context = ground.getContext("2d");
    paint(context, this);
    mark(context, this);
    const hasMore = this.texts.write(context, this.font, this.counts);
    this.fade.paint(context, this);
    this.drawRings();
    this.placeGrid();
    this.tell();
    this.names.want();
    const { k, x, y, width, height } = this.view;
    this.drawn = { k, x, y, width, height };
    this.ended();
    if (this.fade.isOn) this.draw();
    else if (hasMore) this.writeOn();
  }

  drawRings() {
    drawRings(over.getContext("2d"), this);
  }

  // The letters that remain, over the picture as it stands; a new picture begins anew.
  writeOn() {
    requestAnimationFrame(() => {
      if (this.scheduled) return;
      this.counts = { fillRect: 0, drawImage: 0, fillText: 0 };
      const hasMore = this.texts.write(ground.getContext("2d"), this.font, this.counts);
      this.ended();
      if (hasMore) this.writeOn();
    });
  }

  ended() {
    this.frames += 1;
    for (const name of Object.keys(this.most)) this.most[name] = Math.max(this.most[name], this.counts[name]);
    host.dataset.seq = this.frames;
  }

  // The focus grid lies over the level it is of.
  placeGrid() {
    const cells = cellsOf(this.plane, host.dataset.cidr);
    const [x, y, width, height] = rectangle(this.plane, cells.first, cells.count);
    const { style } = this.grid?.host ?? { style: {} };
    style.left = `${x * this.view.k + this.view.x}px`;
    style.top = `${y * this.view.k + this.view.y}px`;
    style.width = `${width * this.view.k}px`;
    style.height = `${height * this.view.k}px`;
  }

  tell() {
    const level = levelOf(this);
    for (const legend of document.querySelectorAll("[data-scale]")) {
      const isInUse = (legend.dataset.scale === "addresses") === (level === "addresses");
      legend.hidden = !isInUse && !this.fade.isOn;
    }
    document.querySelector(".map-failed").hidden = !this.failed.length && !this.isUnread;
    host.dataset.level = level;
  }

  async retry() {
    this.failed = [];
    this.tiles?.retry();
    if (this.isUnread) await this.load();
  }

  fitTo(cidr, options) {
    const cells = cellsOf(this.plane, cidr);
    if (cells) this.view.fit(rectangle(this.plane, cells.first, cells.count), options);
  }

  // The child of the level that is drawn, at a spot of the screen; null in a gutter.
  cidrAt(left, top) {
    const index = cellAt(this.plane, ...this.view.spotAt(left, top));
    if (index === null) return null;
    const { plane } = this;
    const level = levelOf(this);
    if (level === "addresses") return `${addressOf(plane, index)}/${plane.bits}`;
    const block = this.blocks.list.find((each) => index >= each.first && index < each.first + each.count);
    const length = level === "supernets" ? childLength(plane, plane.length) : (block?.length ?? this.blocks.unitLength);
    return cidrOf(plane, index, Math.min(length ?? plane.leaf, plane.leaf));
  }
}

function resize(canvas, { width, height, dpr }) {
  const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
}

function start() {
  page.classList.add("is-drawn");
  page.dataset.live = "own";
  for (const id of ["map-body", "map-ask", "map-modes"]) document.getElementById(id).hidden = false;
  const map = new PoolMap();
  map.journey = new Journey(map, host);
  map.grid = new Grid({
    host: host.querySelector(".map-grid"),
    map,
    keys: map.journey.keys(),
    onFocus: (cidr) => {
      map.focus = cidr;
      map.draw();
    },
  });
  map.notable = new Notable(map);
  map.filter = new Filter(map, host);
  map.card = new Card(map, host);
  map.live = new Live(map);
  new Box(map, host);
  map.journey.begin();
  new ResizeObserver(() => map.draw()).observe(host);
  new MutationObserver(() => map.readTheme()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.readTheme());
  document.querySelector("[data-retry]").addEventListener("click", () => map.retry());
  expose(map);
  map.load().then(() => map.filter.ask()).then(() => {
    map.drawNow();
    host.dataset.ready = "";
    performance.mark("map:interactive");
  });
}

// The picture begins where it can be seen, also when a window grows later.
function startWhereSeen() {
  if (cannotBeSeen.matches) return;
  cannotBeSeen.removeEventListener("change", startWhereSeen);
  cannotBeSeen.addEventListener("change", () => {
    page.classList.toggle("is-drawn", !cannotBeSeen.matches);
    if (cannotBeSeen.matches) delete page.dataset.live;
    else page.dataset.live = "own";
  });
  start();
}

cannotBeSeen.addEventListener("change", startWhereSeen);
startWhereSeen();
