// The tokens of static/css/tokens.css as the browser resolves them now, and what the
// page's legend says of the bytes of cells. Read at the start and when the theme changes.

const PLAIN = ["page", "panel", "text", "muted", "control", "hairline", "hairline-soft", "unassigned", "link", "level-ink", "level-ink-4", "level-ink-alarm"];

function resolver() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  return { read, end: () => probe.remove() };
}

export function readColours(legend) {
  const { read, end } = resolver();
  const found = { levels: [], kinds: {} };
  for (const name of PLAIN) found[name] = read(name);
  for (const step of legend.steps) found.levels.push(read(step.style));
  for (const state of [...legend.states, ...legend.marks]) {
    if (!state.style || state.style === "free" || found.kinds[state.style]) continue;
    found.kinds[state.style] = {
      fill: read(`kind-${state.style}`),
      ink: read(`kind-${state.style}-ink`),
    };
  }
  found.inks = [0, 1, 2, 3].map(() => found["level-ink"]);
  found.inks.push(found["level-ink-4"], found["level-ink-alarm"], found["level-ink-alarm"]);
  end();
  return found;
}

export function parts(colour) {
  return colour.match(/[\d.]+/g).slice(0, 3).map(Number);
}

// What the legend in the page says: steps of the ramp, states by their byte, marks.
export function readLegend(root) {
  const entries = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const states = entries("value").map(({ dataset }) => ({
    value: Number(dataset.value),
    style: dataset.style,
    code: dataset.code,
  }));
  return {
    steps: entries("start").map(({ dataset }) => ({
      start: Number(dataset.start),
      style: dataset.style,
      mark: dataset.mark,
    })),
    states,
    byValue: new Map(states.map((state) => [state.value, state])),
    marks: entries("flag").map(({ dataset }) => ({
      flag: Number(dataset.flag),
      style: dataset.style,
      code: dataset.code,
    })),
  };
}

export const OUTSIDE = 255;

// How a cell's byte is painted: the style of its kind, or of a mark that is stronger.
export function styleOf(byte, legend) {
  if (byte === OUTSIDE) return { style: "outside", code: "" };
  const state = legend.byValue.get(byte & 15) ?? legend.byValue.get(11);
  const mark = legend.marks.find((each) => each.style && byte & each.flag);
  return mark ? { style: mark.style, code: mark.code } : { style: state.style, code: state.code };
}

export function stepOf(share, legend) {
  return legend.steps.findLastIndex((step) => share >= step.start);
}
