// Theme, `/` for find, copy buttons, and what is kept in this browser. Every page works
// without.

import "./find.js";

const root = document.documentElement;
const NO_SLASH = "ipam-no-slash";
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
}

// "light", "dark", or "" for what the system says.
function keepTheme(theme, path) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=${path}; max-age=${theme ? 31536000 : 0}; samesite=lax`;
}

// Switched to what the system says, the page follows the system again.
function switchTheme({ currentTarget }) {
  const theme = isDark() ? "light" : "dark";
  keepTheme((theme === "dark") === system.matches ? "" : theme, currentTarget.dataset.cookiePath);
}

function focusFind(event) {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const find = document.getElementById("find");
  if (!find || localStorage.getItem(NO_SLASH) !== null) return;
  event.preventDefault();
  find.focus();
  find.select();
}

async function copy({ target }) {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  } catch {
    button.textContent = button.dataset.failed;
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

function showCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

function offerChoices(theme, slash) {
  const part = theme.closest("section");
  part.hidden = false;
  theme.value = root.dataset.theme ?? "";
  theme.addEventListener("change", () => keepTheme(theme.value, part.dataset.cookiePath));
  slash.checked = localStorage.getItem(NO_SLASH) === null;
  slash.addEventListener("change", () => {
    if (slash.checked) localStorage.removeItem(NO_SLASH);
    else localStorage.setItem(NO_SLASH, "");
  });
}

for (const button of document.querySelectorAll("[data-switch-theme]")) {
  button.hidden = false;
  button.addEventListener("click", switchTheme);
}
const themeChoice = document.querySelector("[data-theme-choice]");
if (themeChoice) offerChoices(themeChoice, document.querySelector("[data-slash]"));
showCopyButtons();
document.addEventListener("ipam:shown", showCopyButtons);
document.addEventListener("click", copy);
document.addEventListener("keydown", focusFind);
