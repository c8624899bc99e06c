// On a small screen: a swipe over the tile goes to the level beside, as the links do.

const FAR = 60;

const from = { x: 0, y: 0 };

document.addEventListener("pointerdown", ({ clientX, clientY }) => {
  Object.assign(from, { x: clientX, y: clientY });
});

document.addEventListener("pointerup", ({ clientX, clientY, pointerType, target }) => {
  const [right, down] = [clientX - from.x, clientY - from.y];
  if (pointerType === "mouse" || !target.closest?.(".map-tile")) return;
  if (Math.abs(right) < FAR || Math.abs(right) < 2 * Math.abs(down)) return;
  document.querySelector(`#map-steps [rel="${right < 0 ? "next" : "prev"}"]`)?.click();
});
