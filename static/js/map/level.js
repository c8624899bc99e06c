// A level of the map as the server writes it: the same page, fetched, of which the parts
// that follow the level take the places of those that stand. Words come with them.

import { morph } from "../morph.js";

const PARTS = [".crumbs", "#map-heading", "#map-ribbon", "#map-steps", "#map-tile", "#map-rows", "#map-panel"];
const MOST_PAGES = 32;
const kept = new Map();

export async function fetchPage(url) {
  const key = new URL(url, location.href).href.split("#")[0];
  if (!kept.has(key)) {
    const response = await fetch(key, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    kept.set(key, await response.text());
    if (kept.size > MOST_PAGES) kept.delete(kept.keys().next().value);
  }
  return new DOMParser().parseFromString(kept.get(key), "text/html");
}

export function forgetPages() {
  kept.clear();
}

function replaceParts(page) {
  for (const part of PARTS) {
    const fresh = page.querySelector(part);
    const old = document.querySelector(part);
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  }
}

// The same level as it is now: only what differs is changed, so focus and scroll stay.
export function morphPage(page) {
  for (const part of PARTS) {
    const [fresh, old] = [page.querySelector(part), document.querySelector(part)];
    if (fresh && old) morph(old, fresh);
  }
  document.dispatchEvent(new CustomEvent("ipam:shown"));
}

export function takePage(page) {
  replaceParts(page);
  document.title = page.title;
  const { cidr, query } = page.getElementById("map").dataset;
  Object.assign(document.getElementById("map").dataset, { cidr, query });
}
