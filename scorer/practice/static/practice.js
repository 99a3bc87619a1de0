// A draft that survives a reload, a word count and a timer. Without this script the pages still work.
"use strict";

const STORE = "score-answer:draft:";

function readDraft(question) {
  try {
    return JSON.parse(localStorage.getItem(STORE + question)) || null;
  } catch {
    return null; // the browser keeps nothing, or something else wrote there
  }
}

function keepDraft(question, draft) {
  try {
    if (draft === null) localStorage.removeItem(STORE + question);
    else localStorage.setItem(STORE + question, JSON.stringify(draft));
  } catch {
    // full, or forbidden: the answer is on the page all the same
  }
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
}

function practise(form) {
  const question = form.dataset.question;
  const find = (id) => document.getElementById(id);
  const [answer, words, limit, timer, display, status] =
    ["answer", "words", "limit", "timer", "clock", "status"].map(find);
  const given = answer.defaultValue;
  // Seconds before the timer was last started, and when that was (null: it stands still).
  let elapsed = 0;
  let started = null;
  let announced = false;

  const seconds = () => elapsed + (started === null ? 0 : (Date.now() - started) / 1000);

  function keep() {
    const untouched = answer.value === given && seconds() === 0;
    keepDraft(question, untouched ? null : { text: answer.value, elapsed, started, limit: limit.value });
  }

  function count() {
    const number = (answer.value.match(/\S+/g) || []).length;
    words.textContent = number + (number === 1 ? " word" : " words");
  }

  function tick() {
    const most = Number(limit.value);
    const over = most > 0 && seconds() >= most;
    display.textContent = most > 0 && !over ? clock(Math.ceil(most - seconds())) + " left" : clock(seconds());
    display.classList.toggle("over", over);
    if (over && !announced && started !== null) status.textContent = "The time is over. You can still finish and submit.";
    announced = over;
  }

  function face() {
    const running = started !== null;
    timer.textContent = running ? "Pause" : elapsed > 0 ? "Go on" : "Start timer";
    timer.setAttribute("aria-pressed", String(running));
    tick();
  }

  function pause() {
    elapsed = seconds();
    started = null;
  }

  const draft = readDraft(question);
  if (draft !== null && typeof draft.text === "string") {
    answer.value = draft.text;
    elapsed = Number(draft.elapsed) || 0;
    started = typeof draft.started === "number" ? draft.started : null;
    limit.value = String(draft.limit);
    if (limit.selectedIndex < 0) limit.value = "0";
    find("restored").hidden = draft.text === given;
  }

  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  answer.addEventListener("input", () => { count(); keep(); });
  limit.addEventListener("change", () => { tick(); keep(); });
  timer.addEventListener("click", () => {
    if (started === null) started = Date.now();
    else pause();
    face();
    keep();
  });
  find("discard").addEventListener("click", () => {
    answer.value = given;
    pause();
    elapsed = 0;
    find("restored").hidden = true;
    face();
    count();
    keep();
    answer.focus();
  });
  answer.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => {
    pause();
    face();
    keep();
    find("seconds").value = elapsed >= 1 ? String(Math.round(elapsed)) : "";
    find("submit").disabled = true;
    find("submit").textContent = "Scoring…";
    status.textContent = "Scoring";
  });
  window.addEventListener("pageshow", () => {
    find("submit").disabled = false;
    find("submit").textContent = "Score it";
  });
  setInterval(tick, 500);
  count();
  face();
}

const form = document.querySelector("form[data-question]");
if (form) practise(form);

// What was submitted is kept by the server now; a draft that differs is a later one.
const submitted = document.getElementById("submitted");
if (submitted) {
  const draft = readDraft(submitted.dataset.question);
  if (draft !== null && draft.text === submitted.value) keepDraft(submitted.dataset.question, null);
}
