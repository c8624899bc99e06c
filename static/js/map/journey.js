// From level to level: dives, the way back, selection and the keys. The address of the
// page is always that of the level; the viewport stands in its fragment.

import { fetchPage, forgetPages, morphPage, takePage } from "./level.js";
import { cellsOf, cidrOf, parentLength } from "./plane.js";

const KEPT = ["fill", "q", "at", "vs"];

export class Journey {
  constructor(map, host) {
    this.map = map;
    this.host = host;
    this.parameters = new URLSearchParams(location.search);
    this.keysList = document.getElementById("map-keys");
  }

  begin() {
    const { map, host } = this;
    this.buildGrid();
    if (!map.view.restore(location.hash)) map.fitTo(host.dataset.cidr);
    host.addEventListener("click", (event) => this.clicked(event));
    host.addEventListener("dblclick", (event) => this.dived(event));
    window.addEventListener("popstate", () => this.back());
    document.addEventListener("click", (event) => this.followed(event));
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoom(button.dataset.zoom));
    }
    for (const button of document.querySelectorAll("[data-pan]")) {
      button.addEventListener("click", () => map.view.pan(...button.dataset.pan.split(",").map(Number)));
    }
    for (const button of document.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.showAs(button.dataset.show));
    }
    document.querySelector("[data-keys]").addEventListener("click", () => this.keysList.showModal());
    this.showAs(this.parameters.get("view") ?? "map");
  }

  get cidr() {
    return this.host.dataset.cidr;
  }

  buildGrid() {
    this.map.grid.build(document.getElementById("map-table"), this.cidr);
  }

  // The address of a level of this pool, with what is kept on the way.
  pathOf(cidr, selection = "") {
    const kept = new URLSearchParams();
    for (const name of KEPT) if (this.parameters.get(name)) kept.set(name, this.parameters.get(name));
    if (selection) kept.set("sel", selection);
    const query = kept.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
    return `${this.host.dataset.home}${cidr}${query ? `?${query}` : ""}`;
  }

  keep(name, value) {
    if (value) this.parameters.set(name, value);
    else this.parameters.delete(name);
    history.replaceState(null, "", this.pathOf(this.cidr, this.map.selection));
  }

  rememberView() {
    if (!this.isReady) return;
    history.replaceState(history.state, "", location.pathname + location.search + this.map.view.fragment);
  }

  // Go to a level; `focus` is the cell there that takes the focus.
  async go(cidr, { focus = null, animate = true } = {}) {
    const path = this.pathOf(cidr);
    const hadFocus = this.map.grid.hasFocus;
    this.isReady = false;
    this.map.card?.hide();
    try {
      const page = await fetchPage(path);
      if (page.getElementById("map")?.dataset.plane !== this.host.dataset.plane) throw new Error();
      history.pushState(null, "", path);
      this.take(page, { animate });
      if (hadFocus || focus) this.map.grid.focusOn(focus ?? cidr);
    } catch {
      location.assign(path);
    }
  }

  take(page, { animate }) {
    this.map.selection = null;
    takePage(page);
    this.buildGrid();
    this.map.fitTo(this.cidr, { animate });
    this.map.draw();
    this.isReady = true;
  }

  // The parts of this level anew: the filter changed what its links carry, or the cluster
  // what they say.
  async refresh() {
    forgetPages();
    const asked = location.href.split("#")[0];
    const page = await fetchPage(asked).catch(() => null);
    if (!page || asked !== location.href.split("#")[0]) return;
    morphPage(page);
    this.buildGrid();
  }

  async back() {
    this.parameters = new URLSearchParams(location.search);
    const fragment = location.hash;
    const hadFocus = this.map.grid.hasFocus;
    const page = await fetchPage(location.href).catch(() => null);
    if (page?.getElementById("map")?.dataset.plane !== this.host.dataset.plane) {
      location.reload();
      return;
    }
    const from = this.cidr;
    this.take(page, { animate: false });
    this.map.selection = this.parameters.get("sel");
    this.map.view.restore(fragment);
    this.map.filter.take(this.parameters);
    if (hadFocus && !this.map.grid.focusOn(from)) this.map.grid.move(0);
  }

  at(event) {
    const box = this.host.getBoundingClientRect();
    return this.map.cidrAt(event.clientX - box.left, event.clientY - box.top);
  }

  clicked(event) {
    if (event.target.closest(".map-card")) return;
    const cidr = event.shiftKey ? null : this.at(event);
    if (cidr) this.select(cidr);
  }

  select(cidr) {
    history.replaceState(null, "", this.pathOf(this.cidr, cidr) + this.map.view.fragment);
    this.map.card.select(cidr);
  }

  // A double click goes to the next level that holds what was pointed at.
  dived(event) {
    const cidr = this.at(event);
    const { plane } = this.map;
    const target = cidr && cellsOf(plane, cidr);
    const here = cellsOf(plane, this.cidr);
    if (!target) return;
    const isInside = target.first >= here.first && target.first < here.first + here.count;
    const cuts = plane.groups.map((group) => group.end).filter((cut) => cut < plane.leaf);
    const length = isInside ? cuts.find((cut) => cut > here.length) : cuts.find((cut) => cut >= here.length);
    if (length) this.go(cidrOf(plane, target.first, length));
  }

  // Links to levels of this plane are dives; others leave the page.
  followed(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { home } = this.host.dataset;
    const isHere = link.origin === location.origin && link.pathname.startsWith(home);
    const cidr = isHere && decodeURIComponent(link.pathname.slice(home.length));
    const cells = cidr && cellsOf(this.map.plane, cidr);
    const isLevel = cells && cells.length >= this.map.plane.length && cells.length < this.map.plane.leaf;
    if (!isLevel || document.getElementById("map-page").dataset.asTable !== undefined) return;
    event.preventDefault();
    this.go(cidr);
  }

  zoom(how) {
    if (how === "fit") this.map.fitTo(this.cidr, { animate: true });
    else this.map.view.step(how === "in" ? 1 : -1);
  }

  showAs(what) {
    document.getElementById("map-page").toggleAttribute("data-as-table", what === "table");
    for (const button of document.querySelectorAll("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === what));
    }
    this.map.draw();
    this.isReady = true;
  }

  up() {
    const { plane } = this.map;
    const here = cellsOf(plane, this.cidr);
    const length = parentLength(plane, here.length);
    if (length === null) return;
    this.go(cidrOf(plane, here.first, length), { focus: this.cidr });
  }

  enter(cell) {
    const { cidr } = cell.dataset;
    const { length } = cellsOf(this.map.plane, cidr);
    if (length >= this.map.plane.bits) this.select(cidr);
    else if (length >= this.map.plane.leaf) location.assign(this.pathOf(cidr));
    else this.go(cidr, { focus: `${cidr.split("/")[0]}/${this.map.plane.bits}` });
  }

  beside(direction) {
    const link = document.querySelector(`#map-steps [rel="${direction}"]`);
    if (!link) return;
    const cidr = decodeURIComponent(link.pathname.slice(this.host.dataset.home.length));
    this.go(cidr, { focus: `${cidr.split("/")[0]}/${this.map.plane.bits}` });
  }

  keys() {
    const { map } = this;
    return {
      Enter: (cell) => this.enter(cell),
      Escape: () => this.up(),
      PageUp: () => this.beside("prev"),
      PageDown: () => this.beside("next"),
      "+": () => map.view.step(1),
      "-": () => map.view.step(-1),
      0: () => this.zoom("fit"),
      n: () => map.notable.go(1),
      N: () => map.notable.go(-1),
      f: () => map.grid.next(({ dataset }) => ["free", "unassigned"].includes(dataset.state)),
      t: () => this.showAs("table"),
      c: (cell) => navigator.clipboard?.writeText(copied(cell.dataset.cidr, map.plane)),
      "?": () => this.keysList.showModal(),
    };
  }
}

function copied(cidr, plane) {
  return cidr.endsWith(`/${plane.bits}`) ? cidr.split("/")[0] : cidr;
}
