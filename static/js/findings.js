// Tells on the list of findings how many there are that it does not show, behind a
// button: rows never move by themselves, and the focus stays where it is. Pressed, the
// list becomes the newer one in place. Nothing is asked in background tabs.

import { morph } from "./morph.js";

const EVERY = 30_000;
const GIVEN_UP = 20_000;
const host = document.querySelector("[data-news]");
const list = document.getElementById(host.dataset.list);
const button = document.createElement("button");
button.type = "button";
button.className = "button";
button.addEventListener("click", show);

function ask(url) {
  return fetch(url, {
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(GIVEN_UP),
  });
}

function tell(count) {
  const words = count ? host.dataset.words.replace("{}", count) : "";
  if (button.textContent !== words) button.textContent = words;
  if (count) host.append(button);
  else button.remove();
}

async function look() {
  if (document.hidden) return;
  const answer = await ask(host.dataset.news).catch(() => null);
  if (!answer?.ok) return;
  const { ids } = await answer.json();
  const shown = new Set(list.dataset.shown.split(" "));
  tell(ids.filter((id) => !shown.has(String(id))).length);
}

async function show() {
  const answer = await ask(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  morph(list, page.getElementById(list.id));
  list.focus();
  tell(0);
}

setInterval(look, EVERY);
