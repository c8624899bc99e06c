// The focus of the map: real cells over the current tile, one of them in the tab order.
// They are made from the rows of the page's table, which also hold their names.

import { addressOf, cellsOf } from "./plane.js";

const MOVES = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at, columns) => at - columns,
  ArrowDown: (at, columns) => at + columns,
};

export class Grid {
  constructor({ host, map, keys, onFocus }) {
    this.host = host;
    this.map = map;
    this.keys = keys;
    this.onFocus = onFocus;
    this.cells = [];
    this.at = 0;
    host.addEventListener("keydown", (event) => this.press(event));
    host.addEventListener("focusin", ({ target }) => this.entered(target));
    host.addEventListener("focusout", () => onFocus(null));
  }

  // Make the cells anew from the rows of a level.
  build(table, cidr) {
    const { plane } = this.map;
    const whole = cellsOf(plane, cidr);
    const group =
      plane.groups.find((each) => whole.length < each.end) ?? plane.groups.at(-1);
    this.step = 2 ** (plane.leaf - group.end);
    const total = Math.max(1, Math.round(whole.count / this.step));
    this.first = whole.first;
    this.length = group.end;
    this.columns = Math.min(group.columns, total);
    const cells = table ? cellsOfRows(table.querySelectorAll("[data-first]"), this, plane) : [];
    if (this.shown === cidr && this.cells.length === cells.length) return this.rename(cells);
    this.shown = cidr;
    this.cells = cells;
    const rows = [];
    for (let start = 0; start < this.cells.length; start += this.columns) {
      const row = document.createElement("div");
      row.setAttribute("role", "row");
      row.append(...this.cells.slice(start, start + this.columns));
      rows.push(row);
    }
    this.host.replaceChildren(...rows);
    this.host.hidden = !rows.length;
    this.at = 0;
    if (this.cells.length) this.cells[0].tabIndex = 0;
    return undefined;
  }

  // The same level again: what its cells are called now; the focus stays where it is.
  rename(fresh) {
    for (const [at, cell] of this.cells.entries()) {
      const { ariaLabel, dataset } = fresh[at];
      if (cell.ariaLabel !== ariaLabel) cell.ariaLabel = ariaLabel;
      Object.assign(cell.dataset, dataset);
    }
  }

  // Set the focus on the cell that holds a CIDR; false where none does.
  focusOn(cidr, { focus = true } = {}) {
    const cells = cellsOf(this.map.plane, cidr);
    const at = cells ? Math.floor((cells.first - this.first) / this.step) : -1;
    return this.move(at, { focus });
  }

  move(at, { focus = true } = {}) {
    if (at < 0 || at >= this.cells.length) return false;
    this.cells[this.at].tabIndex = -1;
    this.at = at;
    this.cells[at].tabIndex = 0;
    if (focus) this.cells[at].focus({ preventScroll: true });
    return true;
  }

  entered(cell) {
    this.at = Math.max(0, this.cells.indexOf(cell));
    this.onFocus(this.cells[this.at].dataset.cidr);
  }

  get current() {
    return this.cells[this.at];
  }

  get hasFocus() {
    return this.host.contains(document.activeElement);
  }

  press(event) {
    if (event.altKey || event.metaKey) return;
    const done = this.travel(event) || this.act(event);
    if (done) event.preventDefault();
  }

  travel({ key, ctrlKey }) {
    const start = this.at - (this.at % this.columns);
    const last = this.cells.length - 1;
    let to = MOVES[key]?.(this.at, this.columns);
    if (key === "Home") to = ctrlKey ? 0 : start;
    if (key === "End") to = ctrlKey ? last : Math.min(last, start + this.columns - 1);
    if (to === undefined) return false;
    this.move(to);
    return true;
  }

  act({ key, ctrlKey }) {
    const action = this.keys[key];
    if (!action || ctrlKey) return false;
    action(this.current);
    return true;
  }

  // The next cell in address order, after the current one, of which something is so.
  next(isWanted) {
    const order = this.cells.map((_, step) => (this.at + 1 + step) % this.cells.length);
    return this.move(order.find((at) => isWanted(this.cells[at])) ?? -1);
  }
}

function cellsOfRows(rows, { step, length }, plane) {
  const cells = [];
  for (const { dataset } of rows) {
    const { first } = cellsOf(plane, `${dataset.first}/${plane.bits}`);
    const count = Number(dataset.children);
    for (let child = 0; child < count; child += 1) {
      const address = addressOf(plane, first + child * step);
      const name = length === plane.bits ? address : `${address}/${length}`;
      const cell = document.createElement("div");
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-label", `${name}, ${dataset.words}`);
      cell.tabIndex = -1;
      Object.assign(cell.dataset, { cidr: `${address}/${length}`, state: dataset.state, level: dataset.level ?? "" });
      cells.push(cell);
    }
  }
  return cells;
}
