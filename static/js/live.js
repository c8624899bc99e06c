// Keeps an open page of a cluster up to date: asks every three seconds what changed since
// the page's generation, tells it as `ipam:live` on the document (detail: the answer), and
// turns the page into a newer one in place, then tells `ipam:shown`. Nothing is asked in
// background tabs or while paused. What scripts draw themselves is marked data-live="own".
// A page of several clusters asks for one of them after the other.

import { Lamp } from "./lamp.js";
import { morph } from "./morph.js";

const EVERY = 3_000;
const SELDOM = 15_000;
// Without input for so long, the page asks seldom.
const QUIET = 5 * 60_000;
const SILENT = 40_000;
const GIVEN_UP = 60_000;
// What a stale page says of its age, and a page of several clusters of theirs.
const RETOLD = 60_000;
const RINGED = 10_000;
const NOT_THERE = 404;
const KEPT_PAUSE = "ipam-paused";

class Live {
  constructor(host) {
    this.host = host;
    this.lamp = new Lamp(host);
    const generations = host.dataset.generation.split(" ");
    this.clusters = host.dataset.live.split(" ").map((url, place) => ({ url, generation: generations[place] }));
    this.turn = 0;
    this.isStale = host.dataset.lamp === "stale";
    this.isPaused = sessionStorage.getItem(KEPT_PAUSE) !== null;
    this.isBusy = false;
    this.hasFailed = false;
    this.isBehind = false;
    this.hasEnded = false;
    this.answeredAt = Date.now();
    this.shownAt = Date.now();
    this.inputAt = Date.now();
    this.due = Date.now() + EVERY;
  }

  begin() {
    this.button = this.host.querySelector("[data-pause]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.pause(!this.isPaused));
    this.showPause();
    for (const kind of ["pointermove", "keydown", "scroll"]) {
      addEventListener(kind, () => { this.inputAt = Date.now(); }, { passive: true });
    }
    document.addEventListener("visibilitychange", () => this.wake());
    addEventListener("pageshow", ({ persisted }) => persisted && this.wake());
    setInterval(() => this.beat(), 1_000);
    this.tell();
  }

  pause(isPaused) {
    this.isPaused = isPaused;
    if (isPaused) sessionStorage.setItem(KEPT_PAUSE, "");
    else sessionStorage.removeItem(KEPT_PAUSE);
    this.showPause();
    this.wake();
    this.tell();
  }

  showPause() {
    this.button.textContent = this.isPaused ? this.button.dataset.resume : this.button.dataset.pause;
  }

  // Nobody was listening meanwhile: the silence is not the server's.
  wake() {
    this.answeredAt = Date.now();
    this.inputAt = Date.now();
    this.due = Date.now();
    this.beat();
  }

  beat() {
    if (document.hidden || this.isPaused || this.hasEnded) return;
    this.tell();
    if (!this.isBusy && Date.now() >= this.due) this.ask();
  }

  get state() {
    if (this.hasEnded) return "ended";
    if (this.isPaused) return "paused";
    return this.hasFailed || Date.now() - this.answeredAt > SILENT ? "silent" : "live";
  }

  tell() {
    this.lamp.show(this.state, { stale: this.isStale });
    if (!this.isPaused) this.lamp.showAges();
  }

  async ask() {
    this.isBusy = true;
    try {
      const cluster = this.clusters[this.turn];
      this.turn = (this.turn + 1) % this.clusters.length;
      await this.take(await this.request(`${cluster.url}?since=${cluster.generation}`), cluster);
      this.answeredAt = Date.now();
      this.hasFailed = false;
      if (this.isBehind && !this.isPaused) await this.showNewer();
    } catch (error) {
      // One that was given up is silence; the lamp tells it.
      if (error.name !== "TimeoutError") this.hasFailed = true;
    }
    this.isBusy = false;
    this.due = Date.now() + (Date.now() - this.inputAt > QUIET ? SELDOM : EVERY);
    if (!this.isPaused) this.tell();
  }

  async request(url) {
    const response = await fetch(url, {
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(GIVEN_UP),
    });
    // Led to the sign-in page: nothing more is told to this reader.
    if (response.type === "opaqueredirect") this.hasEnded = true;
    if (!response.ok && response.status !== NOT_THERE) throw new Error(String(response.status));
    return response;
  }

  async take(response, cluster) {
    if (response.status === NOT_THERE) throw new Error("no cluster");
    const answer = response.status === 204 ? null : await response.json();
    if (this.clusters.length === 1) this.takeAge(response.headers);
    else if (Date.now() - this.shownAt > RETOLD) this.isBehind = true;
    if (!answer || this.isPaused) return;
    cluster.generation = answer.generation;
    this.isBehind ||= !document.querySelector("#main > [data-live='own']");
    document.dispatchEvent(new CustomEvent("ipam:live", { detail: answer }));
  }

  takeAge(headers) {
    const isStale = headers.get("Ipamweb-Stale") === "true";
    const isOld = Date.now() - this.shownAt > RETOLD;
    if (isStale !== this.isStale || (isStale && isOld)) this.isBehind = true;
    this.isStale = isStale;
    if (!this.isPaused) this.lamp.showAsOf(headers.get("Ipamweb-As-Of"));
  }

  async showNewer() {
    const response = await this.request(location.href);
    const text = await response.text();
    if (this.isPaused) return;
    // What the page is of has gone: what it last said stays.
    this.isBehind = response.status !== NOT_THERE && this.isBehind;
    if (!this.isBehind) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const host = page.getElementById(this.host.id);
    if (!host) return;
    for (const name of ["lamp", "words", "now"]) this.host.dataset[name] = host.dataset[name];
    this.lamp.readClock();
    const changed = ["strips", "main"].flatMap((id) => morphPart(id, page));
    this.isBehind = false;
    this.shownAt = Date.now();
    ring(changed);
    document.dispatchEvent(new CustomEvent("ipam:shown"));
  }
}

function morphPart(id, page) {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  return old && fresh ? morph(old, fresh) : [];
}

// Addresses whose holder changed wear a ring for a while.
function ring(changed) {
  const cells = new Set(changed.map((each) => each.closest(".tile td")).filter(Boolean));
  for (const cell of cells) {
    cell.dataset.changed = "";
    setTimeout(() => { delete cell.dataset.changed; }, RINGED);
  }
}

const host = document.getElementById("live");
if (host) new Live(host).begin();
