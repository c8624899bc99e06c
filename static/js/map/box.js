// Box zoom: a drag with Shift draws a box, and the view goes to what is in it.

const LEAST = 6;

export class Box {
  constructor(map, host) {
    this.map = map;
    this.host = host;
    this.frame = host.querySelector(".map-box");
    host.addEventListener("pointerdown", (event) => this.begin(event));
    host.addEventListener("pointermove", (event) => this.pull(event));
    host.addEventListener("pointerup", (event) => this.end(event));
    host.addEventListener("pointercancel", () => this.drop());
  }

  at({ clientX, clientY }) {
    const { left, top } = this.host.getBoundingClientRect();
    return [clientX - left - this.host.clientLeft, clientY - top - this.host.clientTop];
  }

  begin(event) {
    if (!event.shiftKey || event.button || event.pointerType === "touch") return;
    event.preventDefault();
    this.host.setPointerCapture(event.pointerId);
    this.from = this.at(event);
    this.pull(event);
  }

  // The box from where the drag began, as [left, top, width, height] on the screen.
  bounds(event) {
    const to = this.at(event);
    const [left, top] = [0, 1].map((axis) => Math.min(this.from[axis], to[axis]));
    const [width, height] = [0, 1].map((axis) => Math.abs(this.from[axis] - to[axis]));
    return [left, top, width, height];
  }

  pull(event) {
    if (!this.from) return;
    const [left, top, width, height] = this.bounds(event);
    Object.assign(this.frame.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    this.frame.hidden = false;
  }

  end(event) {
    if (!this.from) return;
    const [left, top, width, height] = this.bounds(event);
    this.drop();
    if (Math.max(width, height) < LEAST) return;
    const { view } = this.map;
    view.fit([...view.spotAt(left, top), width / view.k, height / view.k], { animate: true });
  }

  drop() {
    this.from = null;
    this.frame.hidden = true;
  }
}
