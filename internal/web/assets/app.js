// What makes the pages more comfortable. Every page works without it.

const body = document.body;

// Drafts. What is typed stays in this tab until it is known to have arrived: sending it after the session has ended loses nothing.
// It goes with the tab, and when the reader signs out.
const keyOf = (form) => `draft ${body.dataset.member} ${form.dataset.keep}`;

for (const form of document.querySelectorAll("form[data-keep]")) {
  const text = form.querySelector("textarea");
  const number = form.querySelector("input[name=id]");
  const draft = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  if (draft && document.getElementById(draft.id)) {
    sessionStorage.removeItem(keyOf(form));
  } else if (draft && text.value === "") {
    text.value = draft.text;
    if (number) number.value = draft.id; // the same message, should it have arrived after all
  }
  text.addEventListener("input", () => {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ id: number?.value ?? "", text: text.value }));
  });
}
// A form of many fields is kept whole. Once something was stored on top of what it began with, what was kept is of no use.
const written = (form) => [...new FormData(form)].filter(([name]) => name !== "form" && name !== "etag");
// Fields are held by their place, so the exercises must be the same: somebody may have published others meanwhile.
const exercisesIn = (fields) => JSON.stringify(fields.filter(([name]) => name.startsWith("exercise-")));
for (const form of document.querySelectorAll("form[data-hold]")) {
  const key = `held ${body.dataset.member} ${form.dataset.hold}`;
  const held = JSON.parse(sessionStorage.getItem(key) ?? "null");
  const began = form.elements.etag.value;
  const refused = document.getElementById("wrong") !== null; // then the page shows what was written
  if (held && held.began === began && exercisesIn(held.fields) === exercisesIn(written(form)) && !refused) {
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const values = held.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length > 0) field.value = values[0];
    }
  } else {
    sessionStorage.removeItem(key);
  }
  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify({ began, fields: written(form) }));
  });
}
for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
  form.addEventListener("submit", () => sessionStorage.clear());
}

// How much of a text is used, and ways to begin it.
for (const count of document.querySelectorAll("[data-count]")) {
  const text = document.getElementById(count.dataset.count);
  const show = () => { count.textContent = `${[...text.value].length}/${text.maxLength}`; };
  text.addEventListener("input", show);
  show();
}
for (const example of document.querySelectorAll("[data-fill]")) {
  const text = document.getElementById(example.dataset.fill);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = example.textContent;
  button.addEventListener("click", () => {
    text.value = text.value ? `${text.value}\n${button.textContent}` : button.textContent;
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
  example.replaceChildren(button);
}

// Exercises of a program are dragged to another place by a handle; the buttons do the same without a mouse.
const items = [...document.querySelectorAll("li.item")];
let dragged = -1;
for (const [place, item] of items.entries()) {
  const handle = document.createElement("span");
  handle.className = "handle";
  handle.draggable = true;
  handle.ariaHidden = "true";
  handle.textContent = "⠿";
  handle.addEventListener("dragstart", (event) => {
    dragged = place;
    event.dataTransfer.setDragImage(item, 0, 0);
  });
  handle.addEventListener("dragend", () => { dragged = -1; });
  item.append(handle);
  item.addEventListener("dragover", (event) => {
    if (dragged >= 0 && dragged !== place) event.preventDefault();
  });
  item.addEventListener("drop", (event) => {
    event.preventDefault();
    const move = document.createElement("button");
    move.name = "press";
    move.value = `move ${dragged} ${place}`;
    move.hidden = true;
    item.append(move);
    move.form.requestSubmit(move);
  });
}

// News. A page never changes under the reader's hands: it says that there is something new, and the reader asks for it.
const news = document.getElementById("news");
if (news && body.dataset.live) {
  const forms = JSON.parse(news.dataset.forms);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  let count = 0;
  const tell = () => {
    count += 1;
    news.querySelector("a").textContent = (forms[plural.select(count)] ?? forms.other).replace("{n}", count);
    news.hidden = false;
  };
  listenForNews(tell);
}

// A browser opens a stream that broke again, but gives up on one that a busy server refused. This opens that one again
// too, after pauses that grow from one second to a minute, and goes on after the last event that was heard. Where none was
// heard, something may have been missed: the page says so.
function listenForNews(tell) {
  const longest = 60_000;
  let pause = 1000;
  let last = "";
  let refused = false;
  let events;
  let timer;
  const heard = (event) => {
    last = event.lastEventId || last;
    tell();
  };
  const open = () => {
    events = new EventSource(`/live?topic=${encodeURIComponent(body.dataset.live)}&after=${encodeURIComponent(last)}`);
    events.addEventListener("open", () => {
      pause = 1000;
      if (refused && !last) tell();
      refused = false;
    });
    events.addEventListener("error", () => {
      if (events.readyState !== EventSource.CLOSED) return;
      refused = true;
      timer = setTimeout(open, pause * (1 + Math.random()));
      pause = Math.min(2 * pause, longest);
    });
    for (const type of ["session", "program", "person", "alert", "alert_now", "feedback", "request", "visit", "reset"]) {
      events.addEventListener(type, heard);
    }
  };
  open();
  addEventListener("pagehide", () => {
    clearTimeout(timer);
    events.close();
  });
}

// Two minutes before the session ends it can be kept with one click.
const idle = document.getElementById("idle");
if (idle) {
  const warnAfter = (Number(idle.dataset.seconds) - 120) * 1000;
  let timer = setTimeout(() => { idle.hidden = false; }, warnAfter);
  idle.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/stay", { redirect: "manual" }).catch(() => null);
    if (answer?.status !== 204) {
      location.reload();
      return;
    }
    idle.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => { idle.hidden = false; }, warnAfter);
  });
}

// Without a connection the page says so.
const offline = document.getElementById("offline");
const connection = () => { offline.hidden = navigator.onLine; };
addEventListener("online", connection);
addEventListener("offline", connection);
connection();

// Without encryption no browser keeps the cookie.
const insecure = document.getElementById("insecure");
if (insecure) insecure.hidden = window.isSecureContext;

// Keys. They can be switched off, and are no keys while somebody types.
const rows = () => [...document.querySelectorAll("[data-row]")];
let at = -1;
let before = "";

function step(by) {
  const all = rows();
  if (all.length === 0) return;
  at = Math.min(Math.max(at + by, 0), all.length - 1);
  (all[at].querySelector("a") ?? all[at]).focus();
}

const press = (selector) => document.activeElement.closest("[data-row]")?.querySelector(selector)?.focus();

const keys = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "j": () => step(1),
  "k": () => step(-1),
  "e": () => press("[data-done]"),
  "s": () => press("[data-snooze]"),
  "x": () => document.activeElement.closest("[data-row]")?.querySelector("input[type=checkbox]")?.click(),
  "?": () => location.assign("/help#keys"),
  "g c": () => location.assign("/caseload"),
  "g a": () => location.assign("/alerts"),
};

if (body.dataset.keys === "on") {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = keys[`${before} ${event.key}`.trim()] ?? keys[event.key];
    before = event.key === "g" ? "g" : "";
    if (!act) return;
    event.preventDefault();
    act();
  });
}
