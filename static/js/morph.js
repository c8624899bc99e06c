// Turns a part of the page into a newer one by changing only what differs, so that focus,
// selection and scroll stay. Rows are told apart by id, data-key or their first link.
// Left alone: forms, dialogs, canvases, and what is marked data-live="own".

const OWN = "form, dialog, canvas, [data-live='own']";
// What scripts and readers set; the server's say is not newer.
const KEPT = new Set([
  "open", "hidden", "role", "tabindex", "aria-pressed", "aria-expanded", "data-changed",
]);

export function morph(old, fresh) {
  const focused = document.activeElement;
  const around = ancestors(focused);
  const changed = [];
  morphElement(old, fresh, changed);
  keepFocus(focused, around);
  return changed;
}

function morphElement(old, fresh, changed) {
  if (old.matches(OWN)) return;
  if (takeAttributes(old, fresh)) changed.push(old);
  morphChildren(old, fresh, changed);
}

function takeAttributes(old, fresh) {
  let differs = false;
  for (const { name } of [...old.attributes]) {
    if (KEPT.has(name) || fresh.hasAttribute(name)) continue;
    old.removeAttribute(name);
    differs = true;
  }
  for (const { name, value } of fresh.attributes) {
    if (KEPT.has(name) || old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    differs = true;
  }
  return differs;
}

function morphChildren(old, fresh, changed) {
  const wanted = [...fresh.childNodes];
  const matches = matched([...old.childNodes], wanted);
  const stays = new Set(matches.values());
  for (const child of [...old.childNodes]) if (!stays.has(child)) child.remove();
  let cursor = old.firstChild;
  for (const child of wanted) {
    const match = matches.get(child);
    if (!match) {
      old.insertBefore(document.importNode(child, true), cursor);
    } else {
      if (match === cursor) cursor = cursor.nextSibling;
      else place(old, match, cursor);
      morphNode(match, child, changed);
    }
  }
}

function morphNode(old, fresh, changed) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType === Node.ELEMENT_NODE) morphElement(old, fresh, changed);
  else if (old.data !== fresh.data) old.data = fresh.data;
}

// What is moved keeps its focus where the browser can move at all.
function place(parent, child, before) {
  if (parent.moveBefore) parent.moveBefore(child, before);
  else parent.insertBefore(child, before);
}

// Which old node each new one becomes: by key, the others by their kind and order.
function matched(olds, wanted) {
  const found = new Map();
  const keyed = new Map();
  const plain = [];
  for (const old of olds) {
    const key = keyOf(old);
    if (key) keyed.set(key, [...(keyed.get(key) ?? []), old]);
    else plain.push(old);
  }
  let at = 0;
  for (const fresh of wanted) {
    const key = keyOf(fresh);
    if (key) {
      const old = keyed.get(key)?.shift();
      if (old) found.set(fresh, old);
      continue;
    }
    let next = at;
    while (next < plain.length && plain[next].nodeName !== fresh.nodeName) next += 1;
    if (next === plain.length) continue;
    found.set(fresh, plain[next]);
    at = next + 1;
  }
  return found;
}

function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const own = node.id || node.dataset?.key;
  if (own) return `${node.nodeName} ${own}`;
  if (!["TR", "LI"].includes(node.nodeName)) return null;
  const href = node.querySelector("a[href]")?.getAttribute("href");
  return href ? `${node.nodeName} ${href}` : null;
}

function ancestors(element) {
  const found = [];
  for (let each = element; each; each = each.parentElement) found.push(each);
  return found;
}

// The focus stays; where its element is gone, it goes to the nearest that takes it.
function keepFocus(focused, around) {
  if (!focused || focused === document.body || focused === document.activeElement) return;
  const next = around.find((each) => each.isConnected && each.tabIndex >= 0 && each !== document.body);
  (next ?? document.getElementById("main"))?.focus({ preventScroll: true });
}
