// The node wall under pointer and keys: a card, one row of real cells at a time for the
// focus, and a band by dragging over the profile. Names are asked for when first needed.

import { openKeys } from "./keys.js";

const part = document.getElementById("wall");
const CARD_STAYS = 250;

let asked = null;

// Name, number in words and step of every node, in the order of the wall.
function names() {
  asked ??= fetch(part.dataset.names)
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .then(({ nodes }) => nodes)
    .catch(() => { asked = null; return []; });
  return asked;
}

function label([name, number, step]) {
  const steps = part.querySelectorAll("[data-step]");
  const words = step === null ? "" : `, ${steps[step].dataset.step}`;
  return part.dataset.label.replace("{name}", name).replace("{number}", number).replace("{step}", words);
}

function pathOf([name]) {
  return `${part.dataset.nodes}${encodeURIComponent(name)}/`;
}

// Of the two drawings of a group, the one that is seen.
function cellsOf(wall) {
  return [...wall.querySelectorAll(".wall-cells")].find((each) => each.clientWidth);
}

class Grid {
  constructor(wall) {
    this.wall = wall;
    this.host = wall.querySelector(".wall-grid");
    this.at = 0;
    this.host.hidden = false;
    this.show([cell(this.host.ariaLabel, 0)]);
    this.host.addEventListener("focusin", () => this.enter());
    this.host.addEventListener("keydown", (event) => this.press(event));
  }

  get count() {
    return Number(this.wall.dataset.count);
  }

  get columns() {
    return Number(cellsOf(this.wall)?.dataset.columns ?? 1);
  }

  show(cells) {
    const row = document.createElement("div");
    row.setAttribute("role", "row");
    row.style.gridTemplateColumns = `repeat(${this.columns}, minmax(0, 1fr))`;
    row.append(...cells);
    this.host.replaceChildren(row);
  }

  async enter() {
    if (this.isBuilt) return;
    this.isBuilt = true;
    await this.move(this.at);
  }

  async move(to) {
    const nodes = await names();
    const start = Number(this.wall.dataset.start);
    this.at = Math.max(0, Math.min(to, this.count - 1));
    const { columns } = this;
    const first = this.at - (this.at % columns);
    const shown = nodes.slice(start + first, start + Math.min(first + columns, this.count));
    if (!shown.length) return;
    this.show(shown.map((node, place) => cell(label(node), first + place)));
    const rows = Math.ceil(this.count / columns);
    Object.assign(this.host.style, { top: `${(first / columns / rows) * 100}%`, height: `${100 / rows}%` });
    this.host.ariaRowCount = rows;
    this.host.firstChild.ariaRowIndex = first / columns + 1;
    const current = this.host.firstChild.children[this.at - first];
    current.tabIndex = 0;
    this.isBuilt = true;
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest" });
  }

  async press(event) {
    const action = KEYS[event.key];
    if (!action || event.altKey || event.metaKey) return;
    if (event.ctrlKey && !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const to = action(this, event);
    if (Number.isInteger(to) && to >= 0 && to < this.count) await this.move(to);
  }
}

function cell(name, at) {
  const made = document.createElement("div");
  made.setAttribute("role", "gridcell");
  made.setAttribute("aria-label", name);
  made.tabIndex = at === 0 ? 0 : -1;
  return made;
}

const KEYS = {
  ArrowLeft: (grid) => grid.at - 1,
  ArrowRight: (grid) => grid.at + 1,
  ArrowUp: (grid) => grid.at - grid.columns,
  ArrowDown: (grid) => grid.at + grid.columns,
  Home: (grid, { ctrlKey }) => (ctrlKey ? 0 : grid.at - (grid.at % grid.columns)),
  End: (grid, { ctrlKey }) =>
    Math.min(grid.count - 1, ctrlKey ? grid.count - 1 : grid.at - (grid.at % grid.columns) + grid.columns - 1),
  PageUp: (grid) => goTo(grid, -1),
  PageDown: (grid) => goTo(grid, 1),
  Enter: (grid) => { open(grid); },
  Escape: () => { card.hide(); },
  "?": () => { openKeys("wall-keys"); },
};

function goTo(grid, step) {
  const walls = [...part.querySelectorAll(".wall")];
  const next = grids.get(walls[walls.indexOf(grid.wall) + step]);
  next?.move(next.at);
}

async function open(grid) {
  const node = (await names())[Number(grid.wall.dataset.start) + grid.at];
  if (node) location.assign(pathOf(node));
}

// What lies under the pointer; hoverable itself, and dismissed by Escape.
class Card {
  constructor() {
    this.host = part.querySelector(".wall-card");
    this.host.addEventListener("pointerenter", () => clearTimeout(this.leaving));
    this.host.addEventListener("pointerleave", () => this.leave());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
  }

  show(node, left, top) {
    clearTimeout(this.leaving);
    const [link, words] = this.host.children;
    link.textContent = node[0];
    link.href = pathOf(node);
    words.textContent = label(node).slice(node[0].length + 2);
    this.host.hidden = false;
    const room = part.clientWidth - this.host.offsetWidth;
    Object.assign(this.host.style, { left: `${Math.max(0, Math.min(left, room))}px`, top: `${top}px` });
  }

  leave() {
    this.leaving = setTimeout(() => this.hide(), CARD_STAYS);
  }

  hide() {
    this.host.hidden = true;
  }
}

async function nodeAt(wall, event) {
  const cells = cellsOf(wall);
  const box = cells.getBoundingClientRect();
  const columns = Number(cells.dataset.columns);
  const side = box.width / columns;
  const at = Math.floor((event.clientY - box.top) / side) * columns + Math.floor((event.clientX - box.left) / side);
  if (at < 0 || at >= Number(wall.dataset.count)) return null;
  return (await names())[Number(wall.dataset.start) + at] ?? null;
}

async function point(wall, event) {
  const node = await nodeAt(wall, event);
  const box = part.getBoundingClientRect();
  if (node) card.show(node, event.clientX - box.left + 12, event.clientY - box.top + 14);
  else card.leave();
}

async function click(wall, event) {
  const node = await nodeAt(wall, event);
  // A finger sees the card first, which has the link.
  if (node && event.pointerType === "mouse") location.assign(pathOf(node));
  else await point(wall, event);
}

// A band is what the drag covers; a form sends it, as if it were typed.
function brush(profile) {
  const form = document.querySelector("form:has([name=from])");
  const percent = (event) => {
    const box = profile.getBoundingClientRect();
    return Math.round(100 * Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height)));
  };
  profile.addEventListener("pointerdown", (event) => {
    const start = percent(event);
    const shade = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    shade.classList.add("brushed");
    shade.setAttribute("width", "100%");
    profile.append(shade);
    profile.setPointerCapture(event.pointerId);
    const cover = (moved) => {
      const [low, high] = [start, percent(moved)].sort((one, other) => one - other);
      shade.setAttribute("y", 100 - high);
      shade.setAttribute("height", high - low);
      return [low, high];
    };
    profile.addEventListener("pointermove", cover);
    profile.addEventListener("pointerup", (ended) => {
      profile.removeEventListener("pointermove", cover);
      shade.remove();
      const [low, high] = cover(ended);
      if (high <= low) return;
      [form.elements.from.value, form.elements.to.value] = [low, high];
      form.requestSubmit();
    }, { once: true });
  });
}

const grids = new Map();
const card = part ? new Card() : null;

function begin() {
  part.classList.add("is-live");
  for (const wall of part.querySelectorAll(".wall")) {
    if (grids.has(wall)) continue;
    grids.set(wall, new Grid(wall));
    wall.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(wall, event));
    wall.addEventListener("pointerleave", () => card.leave());
    wall.addEventListener("click", (event) => click(wall, event));
  }
}

if (part) {
  begin();
  for (const each of part.querySelectorAll("[data-needs-script]")) each.hidden = false;
  for (const profile of part.querySelectorAll("[data-brush]")) brush(profile);
  document.addEventListener("ipam:shown", () => { asked = null; begin(); });
}

export const boundKeys = Object.keys(KEYS);
