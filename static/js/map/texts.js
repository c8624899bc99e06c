// Letters of the picture. A frame writes only so many, the names of tiles first, then from
// the middle outwards; what remains is written in the frames after, while the view stands.

const LETTER = 7.3;
const MOST_OF_A_FRAME = 400;

export class Texts {
  begin() {
    this.waiting = [];
  }

  // Have a text written where there is room for it; false where there is none.
  add(text, { x, y, room, ink, align = "center", alpha = 1, isName = false }) {
    if (text.length * LETTER > room) return false;
    this.waiting.push({ text, x, y, ink, align, alpha, isName });
    return true;
  }

  // Put what matters first, once all are known.
  order({ width, height }) {
    if (this.waiting.length <= MOST_OF_A_FRAME) return;
    for (const each of this.waiting) {
      const far = Math.max(Math.abs(each.x - width / 2), Math.abs(each.y - height / 2));
      each.far = each.isName ? -1 : far;
    }
    this.waiting.sort((one, other) => one.far - other.far);
  }

  // Write the texts of one frame; true where some remain.
  write(context, font, counts) {
    context.font = font;
    context.textBaseline = "middle";
    for (const { text, x, y, ink, align, alpha } of this.waiting.splice(0, MOST_OF_A_FRAME)) {
      context.fillStyle = ink;
      context.textAlign = align;
      context.globalAlpha = alpha;
      context.fillText(text, x, y);
      counts.fillText += 1;
    }
    context.globalAlpha = 1;
    context.textAlign = "start";
    return this.waiting.length > 0;
  }
}
