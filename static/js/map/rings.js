// What moves over the picture without it being painted anew: selection and focus, each a
// ring of two tones, seen on every fill; and for a while a thin one around what changed.

import { cellsOf, rectangle } from "./plane.js";

const LEAST = 7;

export function drawRings(context, map) {
  const { view, colours, plane } = map;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
  for (const { first, count, share } of map.live?.recent() ?? []) {
    context.globalAlpha = share;
    context.strokeStyle = colours.text;
    context.lineWidth = 1;
    context.strokeRect(...boxOf(map, rectangle(plane, first, count)));
  }
  context.globalAlpha = 1;
  if (map.selection) ring(context, map, map.selection, colours.link);
  if (map.focus) ring(context, map, map.focus, colours.text);
}

// A box on the screen, at least so large that it can be seen.
function boxOf({ view }, [x, y, width, height]) {
  const spread = Math.max(0, LEAST - Math.min(width, height) * view.k) / 2;
  return [
    x * view.k + view.x - spread,
    y * view.k + view.y - spread,
    width * view.k + 2 * spread,
    height * view.k + 2 * spread,
  ];
}

function ring(context, map, cidr, ink) {
  const cells = cellsOf(map.plane, cidr);
  if (!cells) return;
  const box = boxOf(map, rectangle(map.plane, cells.first, cells.count));
  context.strokeStyle = map.colours.page;
  context.lineWidth = 5;
  context.strokeRect(...box);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.strokeRect(...box);
}
