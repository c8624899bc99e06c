"""What is evaluated in the page of a map while it is measured (map_budgets.py)."""

WATCH_TASKS = """
window.tasks = [];
new PerformanceObserver((list) => window.tasks.push(...list.getEntries()))
  .observe({ type: "longtask", buffered: true });
"""

INTERACTIVE = """() => performance.getEntriesByName("map:interactive")[0].startTime"""

LONGEST_TASK = """() => {
    const [{ startTime }] = performance.getEntriesByName("map:interactive");
    const after = window.tasks.filter((task) => task.startTime > startTime);
    return Math.max(0, ...after.map((task) => task.duration));
}"""

ALL_READY = """() => {
    const { tiles, isFading, waiting } = ipamMap.stats();
    return !isFading && !waiting && tiles.every(([, state]) => state === "ready");
}"""

# Dive to each of some CIDRs, and pan where it leads; the time of each frame meanwhile.
MOVE = """async (steps) => {
    const frames = [];
    let last = null;
    let isOver = false;
    const tick = (now) => {
        if (last !== null) frames.push(now - last);
        last = now;
        if (!isOver) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const rest = (ms) => new Promise((done) => setTimeout(done, ms));
    for (const cidr of steps) {
        ipamMap.dive(cidr);
        await rest(450);
        for (const [right, down] of [[1, 0], [0, 1], [-1, -1]]) {
            ipamMap.pan(right, down);
            await rest(400);
        }
    }
    isOver = true;
    frames.sort((one, other) => one - other);
    return { p95: frames[Math.floor(frames.length * 0.95)], longest: frames.at(-1) };
}"""

WATCH_FOCUS = """() => {
    let pressed;
    document.addEventListener("keydown", (event) => { pressed = event.timeStamp; },
        { capture: true, once: true });
    document.addEventListener("focusin", () => {
        window.focusTook = performance.now() - pressed;
    }, { once: true });
}"""

# Where a block of 256 addresses is, in the window.
MIDDLE_OF = """(cidr) => {
    const box = document.getElementById("map").getBoundingClientRect();
    const [x, y] = ipamMap.pixelOf(cidr.replace(/\\d+\\/24$/, "119"));
    return [box.left + x, box.top + y];
}"""

WATCH_CARD = """() => {
    window.cardTook = 0;
    let moved;
    const card = document.getElementById("map-card");
    card.hidden = true;
    document.getElementById("map").addEventListener("pointermove",
        (event) => { moved = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
        if (card.hidden) return;
        window.cardTook = performance.now() - moved;
        observer.disconnect();
    }).observe(card, { attributes: true, childList: true });
}"""

_CHANGED = """
    const changed = (cidr, count, turn) => {
        const [first] = cidr.split("/");
        const start = first.split(".").slice(0, 2).join(".");
        const third = Number(first.split(".")[2]);
        const cells = [];
        for (let n = 0; n < count; n += 1) {
            const block = `${start}.${(third + (n >> 8)) % 256}.0`;
            cells.push([block, n & 255, turn % 2 ? 1 : 0]);
        }
        return { generation: 1e6 + turn, cells, blocks: [], counters: { pools: {} } };
    };
    const tell = (detail) =>
        document.dispatchEvent(new CustomEvent("ipam:live", { detail }));
"""

ANSWER = f"""async ([cidr, count, turn]) => {{
    {_CHANGED}
    const answer = changed(cidr, count, turn);
    const start = performance.now();
    tell(answer);
    const took = performance.now() - start;
    await new Promise((done) => setTimeout(done, 100));
    return took;
}}"""

# Twenty a second.
ANSWERS = f"""async ([cidr, count]) => {{
    {_CHANGED}
    for (let turn = 0; turn < count; turn += 1) {{
        tell(changed(cidr, 20, turn));
        await new Promise((done) => setTimeout(done, 50));
    }}
}}"""
