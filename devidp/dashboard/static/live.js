// Keeps a page up to date: when devidp says that something happened, the page is fetched again, and every element with an
// id and data-live is replaced by its new self. Without JavaScript a reload does the same.
"use strict";

const script = document.currentScript;
const stream = new URL(script.dataset.stream, location.href).href;
const state = document.getElementById("live-state");
const words = document.getElementById("live-words");
const PAUSE = 400; // milliseconds between two renewals
let waiting = null;
let running = false;
let again = false;

function isLive() {
  return document.querySelector("[data-live]") !== null;
}

function show(text, on) {
  state.hidden = false;
  state.classList.toggle("on", on);
  if (words.textContent !== text) words.textContent = text;
}

// what somebody is typing, reading or pointing at is not taken away
function isBusy(element) {
  const active = document.activeElement;
  if (active && active !== document.body && element.contains(active) && active.matches("input, select, textarea")) return true;
  const selection = getSelection();
  return !selection.isCollapsed && element.contains(selection.anchorNode);
}

function path(element, root) {
  const steps = [];
  for (let at = element; at !== root; at = at.parentElement) steps.unshift([...at.parentElement.children].indexOf(at));
  return steps;
}

function key(element) {
  return element.id || element.getAttribute("href") || element.dataset.key || "";
}

function exchange(before, after) {
  // what a reader has opened or closed stays so; what then differs in nothing is left alone
  const opened = new Map([...before.querySelectorAll("details")].map((each) => [key(each), each.open]));
  for (const each of after.querySelectorAll("details")) if (key(each) && opened.has(key(each))) each.open = opened.get(key(each));
  showCopyButtons(after);
  if (before.isEqualNode(after)) return;
  const active = before.contains(document.activeElement) ? document.activeElement : null;
  const focused = active && key(active);
  const place = active && path(active, before);
  const scrolled = before.scrollTop;
  before.replaceWith(after);
  after.scrollTop = scrolled;
  if (!active) return;
  const same = focused && [...after.querySelectorAll("a, button, summary, [tabindex]")].find((each) => key(each) === focused);
  const there = same || place.reduce((at, index) => at && at.children[index], after);
  if (there) there.focus({ preventScroll: true });
}

// what is waited for will have stopped in so many seconds, without an event that says so
let timer = 0;
function expect() {
  const seconds = [...document.querySelectorAll("[data-due]")].map((each) => Number(each.dataset.due));
  clearTimeout(timer);
  if (seconds.length) timer = setTimeout(soon, Math.min(...seconds, 86400) * 1000);
}

async function renew() {
  if (running) { again = true; return; }
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const before of document.querySelectorAll("[id][data-live]")) {
      const after = page.getElementById(before.id);
      if (after && !isBusy(before)) exchange(before, document.importNode(after, true));
    }
    document.dispatchEvent(new Event("devidp:renewed"));
    expect();
  } catch {
    show("devidp does not answer", false);
  } finally {
    running = false;
    if (again) { again = false; soon(); }
  }
}

function soon() {
  if (document.hidden) { again = true; return; }
  waiting ??= setTimeout(() => { waiting = null; renew(); }, PAUSE);
}

function heard(message) {
  // also when the stream opens: what happened since the page was made is not repeated
  if (message !== "closed") soon();
  show(message === "closed" ? "not live: load the page again" : "live", message !== "closed");
}

function listen() {
  if (!("SharedWorker" in window)) {
    const source = new EventSource(stream);
    source.onopen = () => heard("open");
    source.onmessage = () => heard("event");
    addEventListener("pagehide", () => source.close());
    return;
  }
  const { port } = new SharedWorker(script.dataset.worker, "devidp");
  port.onmessage = ({ data }) => heard(data);
  port.postMessage(stream);
  addEventListener("pagehide", () => port.postMessage("bye"));
}

addEventListener("pageshow", (event) => { if (event.persisted && isLive()) { listen(); soon(); } });
document.addEventListener("visibilitychange", () => { if (!document.hidden && again) { again = false; soon(); } });
if (isLive()) listen();
expect();
