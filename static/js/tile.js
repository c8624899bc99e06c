// A tile of addresses is one stop of the Tab key; inside it keys move, find what is free
// and copy. The list of keys: templates/_tile_keys.html.

import { openKeys } from "./keys.js";

function cellsOf(tile) {
  return [...tile.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
}

function linksOf(tile) {
  return [...tile.querySelectorAll("td a")];
}

// From a link so many rows and columns on.
function beside(tile, link, [down, right]) {
  const cells = cellsOf(tile);
  const row = cells.findIndex((each) => each.includes(link.closest("td")));
  const column = cells[row].indexOf(link.closest("td"));
  return cells[row + down]?.[column + right]?.querySelector("a");
}

function edge(tile, link, { place, ctrlKey }) {
  const links = ctrlKey ? linksOf(tile) : [...link.closest("tr").querySelectorAll("td a")];
  return links.at(place);
}

function otherTile(tile, step) {
  const tiles = [...document.querySelectorAll("table.tile")];
  const other = tiles[tiles.indexOf(tile) + step];
  return other?.querySelector('a[tabindex="0"]');
}

function nextFree(tile, link) {
  const links = linksOf(tile);
  const at = links.indexOf(link);
  return [...links.slice(at + 1), ...links.slice(0, at)].find((each) => !each.querySelector("i"));
}

function copy(link) {
  const [address] = link.title.split(",");
  navigator.clipboard?.writeText(address);
}

const KEYS = {
  ArrowLeft: (tile, link) => beside(tile, link, [0, -1]),
  ArrowRight: (tile, link) => beside(tile, link, [0, 1]),
  ArrowUp: (tile, link) => beside(tile, link, [-1, 0]),
  ArrowDown: (tile, link) => beside(tile, link, [1, 0]),
  Home: (tile, link, { ctrlKey }) => edge(tile, link, { place: 0, ctrlKey }),
  End: (tile, link, { ctrlKey }) => edge(tile, link, { place: -1, ctrlKey }),
  PageUp: (tile) => otherTile(tile, -1),
  PageDown: (tile) => otherTile(tile, 1),
  f: nextFree,
  c: (tile, link) => { copy(link); },
  "?": () => { openKeys("tile-keys"); },
};

function stopAt(tile, link) {
  for (const each of linksOf(tile)) each.tabIndex = each === link ? 0 : -1;
}

function press(event) {
  const link = event.target.closest("a");
  const action = KEYS[event.key];
  if (!link || !action || event.metaKey || event.altKey) return;
  if (event.ctrlKey && !["Home", "End"].includes(event.key)) return;
  event.preventDefault();
  action(event.currentTarget, link, event)?.focus();
}

function begin() {
  for (const tile of document.querySelectorAll("table.tile:not([role=grid])")) {
    const first = tile.querySelector('a:not([tabindex="-1"])') ?? tile.querySelector("a");
    if (!first) continue;
    tile.setAttribute("role", "grid");
    stopAt(tile, first);
    tile.addEventListener("keydown", press);
    tile.addEventListener("focusin", (event) => stopAt(tile, event.target));
  }
}

begin();
// A tile may be new on the page.
document.addEventListener("ipam:shown", begin);

export const boundKeys = Object.keys(KEYS);
