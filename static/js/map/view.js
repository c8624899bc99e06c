// Where the screen stands on the plane: gestures by d3-zoom, steps by buttons and keys.
// Spots of the plane (cells, with gutters) times `k` plus (x, y) are CSS pixels.

import { select, zoom, zoomIdentity } from "../../vendor/d3-zoom-3.0.1.js";

const LARGEST_CELL = 96;
const ROOM = 0.94;
const DIVE_MS = 350;
// The sides of a cell at which more is drawn: the stops of the buttons.
const STOPS = [0.2, 1, 2, 4, 8, 22, 40, 64, 96];

// A drag with Shift draws a box (box.js); Ctrl is the browser's, but for the wheel.
function isMove(event) {
  if (event.type === "wheel") return true;
  return !event.ctrlKey && !event.shiftKey && !event.button && event.type !== "dblclick";
}

export class View {
  constructor({ host, plane, onMove, onEnd }) {
    this.host = host;
    this.plane = plane;
    this.selection = select(host);
    this.k = 1;
    this.x = 0;
    this.y = 0;
    this.behaviour = zoom()
      .filter(isMove)
      .on("zoom", ({ transform }) => {
        Object.assign(this, { k: transform.k, x: transform.x, y: transform.y });
        onMove();
      })
      .on("end", onEnd);
    this.selection.call(this.behaviour).on("dblclick.zoom", null);
    this.measure();
  }

  // Take the size of the host; false where it did not change.
  measure() {
    const { clientWidth, clientHeight } = this.host;
    const dpr = window.devicePixelRatio || 1;
    if (clientWidth === this.width && clientHeight === this.height && dpr === this.dpr) return false;
    Object.assign(this, { width: clientWidth, height: clientHeight, dpr });
    const { width, height } = this.plane;
    this.fitScale = Math.min((this.width * ROOM) / width, (this.height * ROOM) / height, LARGEST_CELL);
    this.behaviour
      .extent([[0, 0], [this.width, this.height]])
      .scaleExtent([this.fitScale * 0.9, LARGEST_CELL])
      .translateExtent([[-width * 0.2, -height * 0.2], [width * 1.2, height * 1.2]]);
    return true;
  }

  // Stand so that a rectangle of the plane fills the screen.
  fit([x, y, width, height], { animate = false } = {}) {
    const k = Math.min((this.width * ROOM) / (width + 1), (this.height * ROOM) / (height + 1), LARGEST_CELL);
    this.go(k, x + width / 2 - 0.5, y + height / 2 - 0.5, animate);
  }

  whole(options) {
    this.fit([0, 0, this.plane.width, this.plane.height], options);
  }

  // A scale, and the spot of the plane that stands in the middle.
  go(k, x, y, animate) {
    const at = zoomIdentity.translate(this.width / 2 - x * k, this.height / 2 - y * k).scale(k);
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.selection.interrupt();
    if (animate && !isCalm && !document.hidden) {
      this.selection.transition().duration(DIVE_MS).call(this.behaviour.transform, at);
    } else {
      this.selection.call(this.behaviour.transform, at);
    }
  }

  step(direction) {
    const stops = STOPS.filter((stop) => stop > this.fitScale);
    const next =
      direction > 0
        ? (stops.find((stop) => stop > this.k * 1.01) ?? LARGEST_CELL)
        : (stops.findLast((stop) => stop < this.k * 0.99) ?? this.fitScale);
    this.go(next, ...this.middle(), true);
  }

  // Move by a share of the screen, without a drag.
  pan(right, down) {
    const [x, y] = this.middle();
    this.go(this.k, x + (right * this.width) / 2 / this.k, y + (down * this.height) / 2 / this.k, true);
  }

  middle() {
    return this.spotAt(this.width / 2, this.height / 2);
  }

  spotAt(left, top) {
    return [(left - this.x) / this.k, (top - this.y) / this.k];
  }

  // The window on the plane: [left, top, right, bottom] in cells.
  get sight() {
    return [...this.spotAt(0, 0), ...this.spotAt(this.width, this.height)];
  }

  get fragment() {
    const [x, y] = this.middle();
    return `#v=${x.toFixed(2)},${y.toFixed(2)},${this.k.toFixed(3)}`;
  }

  // Stand where a fragment says; false where it says nothing.
  restore(fragment) {
    const [x, y, k] = (fragment.match(/^#v=([\d.-]+),([\d.-]+),([\d.]+)$/) ?? []).slice(1).map(Number);
    if (!k) return false;
    this.go(Math.min(Math.max(k, this.fitScale * 0.9), LARGEST_CELL), x, y, false);
    return true;
  }
}
