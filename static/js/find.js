// Suggestions below the find box: a combobox (ARIA). Without it, Enter finds the same.

const WAIT_MS = 150;
const box = document.getElementById("find");
const list = box?.form.querySelector(".find-suggestions");
const status = box?.form.querySelector("[role=status]");
let timer = 0;
let asking = new AbortController();

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector('[aria-selected="true"]');

function close() {
  list.hidden = true;
  list.replaceChildren();
  status.textContent = "";
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  box.removeAttribute("aria-controls");
}

function show(text) {
  const found = document.createRange().createContextualFragment(text);
  const said = found.querySelector("[data-said]");
  const hits = found.querySelector("[role=listbox]");
  close();
  status.textContent = said?.textContent ?? "";
  if (!hits) return;
  list.replaceChildren(hits);
  list.hidden = false;
  box.setAttribute("aria-controls", hits.id);
  box.setAttribute("aria-expanded", "true");
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const query = new URLSearchParams({ q: box.value });
  try {
    const answer = await fetch(`${box.dataset.suggestions}?${query}`, { signal });
    // Signed out meanwhile, or too long a text: Enter tells what is wrong.
    if (answer.ok && !answer.redirected) show(await answer.text());
    else close();
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function choose(step) {
  const all = options();
  const before = all.indexOf(chosen());
  const now = before < 0 ? (step > 0 ? 0 : all.length - 1) : before + step;
  for (const each of all) each.setAttribute("aria-selected", String(each === all[now]));
  if (all[now]) {
    box.setAttribute("aria-activedescendant", all[now].id);
    all[now].scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function onKey(event) {
  if (list.hidden || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen()) {
    location.assign(chosen().dataset.path);
  } else if (event.key === "Escape") {
    close();
  } else {
    return;
  }
  event.preventDefault();
}

function onInput() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
}

function onLeave() {
  clearTimeout(timer);
  asking.abort();
  close();
}

if (box) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", onInput);
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", onLeave);
  // Before the box loses its focus, and the list with it.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const hit = event.target.closest("[role=option]");
    if (hit) location.assign(hit.dataset.path);
  });
}
