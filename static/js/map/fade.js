// From one scale to the next: the picture that was lies over the new one for a moment,
// moved and sized as the view is, and goes. Not where motion is not wanted.

const FADE_MS = 120;

export class Fade {
  constructor() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.level = null;
    this.before = null;
  }

  // Before a frame is painted: keep the last one where the scale changes.
  keep(canvas, level, drawn) {
    const isChange = this.level !== null && this.level !== level && drawn;
    this.level = level;
    if (!isChange || this.calm.matches || !canvas.width) return;
    const picture = new OffscreenCanvas(canvas.width, canvas.height);
    picture.getContext("2d").drawImage(canvas, 0, 0);
    this.before = { picture, ...drawn, start: performance.now() };
  }

  get isOn() {
    return this.before !== null;
  }

  // After the frame is painted: what remains of the last picture over it.
  paint(context, { view, counts }) {
    if (!this.before) return;
    const { picture, k, x, y, width, height, start } = this.before;
    const share = (performance.now() - start) / FADE_MS;
    if (share >= 1) {
      this.before = null;
      return;
    }
    const scale = view.k / k;
    context.globalAlpha = 1 - share;
    context.drawImage(picture, view.x - x * scale, view.y - y * scale, width * scale, height * scale);
    context.globalAlpha = 1;
    counts.drawImage += 1;
  }
}
