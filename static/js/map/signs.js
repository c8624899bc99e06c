// The signs of what differs between two instants, drawn in a cell while it is too small
// for letters: a plus, a minus, a wave. Never colour alone.

export const SIGNS = { new: "+", gone: "−", changed: "~" };

// From this side on the letters of a cell say it (marks.js).
const LETTERS_FROM = 40;

export function sign(context, { view, colours }, { style, left, top }) {
  const side = view.k;
  if (side >= LETTERS_FROM || !SIGNS[style]) return;
  // Beside the number of a larger cell, in its corner.
  const arm = side < 22 ? side * 0.28 : side * 0.13;
  const [x, y] = side < 22 ? [left + side / 2, top + side / 2] : [left + arm * 1.7, top + arm * 1.7];
  context.strokeStyle = colours.kinds[style].ink;
  context.lineWidth = Math.max(1.5, arm / 3);
  context.beginPath();
  if (style === "changed") {
    context.moveTo(x - arm, y);
    context.bezierCurveTo(x - arm / 2, y - arm, x + arm / 2, y + arm, x + arm, y);
  } else {
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
  }
  if (style === "new") {
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }
  context.stroke();
}
