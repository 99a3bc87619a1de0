"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// What belongs together lights up together, whether one points at it, tabs to it or follows a link to it.
function light(start) {
  for (const lit of all(".lit")) lit.classList.remove("lit");
  const source = start instanceof Element ? start.closest("[data-show]") : null;
  if (!source) return;
  source.classList.add("lit");
  for (const id of source.dataset.show.split(" ").filter(Boolean)) document.getElementById(id).classList.add("lit");
}

// Within the box of the answer only: the page itself stays where it is.
function reveal(source) {
  const lit = source.querySelector ? all(".own .lit", source.closest("article") || document)[0] : null;
  const box = lit && lit.closest(".own");
  if (!box || box.scrollHeight <= box.clientHeight || box.contains(source)) return;
  const [inner, outer] = [lit.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - box.clientHeight / 3;
}

document.addEventListener("mouseover", (event) => light(event.target.closest("[data-show]") || document.activeElement));
document.addEventListener("focusin", (event) => { light(event.target); reveal(event.target); });

const table = document.querySelector("table.answers");

function overview() {
  const body = table.tBodies[0];
  const heads = all("thead th", table);
  const [search, question, kind, gap] = ["search", "question", "kind", "gap"].map((id) => document.getElementById(id));
  const text = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  function sort(column) {
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    const way = down ? -1 : 1;
    const value = (row) => row.cells[column].dataset.value;
    const number = heads[column].classList.contains("number");
    const order = (a, b) => way * (number ? value(a) - value(b) : text.compare(value(a), value(b)));
    body.append(...[...body.rows].sort(order));
    heads.forEach((head, i) => head.setAttribute("aria-sort", i === column ? (down ? "descending" : "ascending") : "none"));
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of body.rows) {
      const content = row.textContent.toLowerCase();
      const kinds = kind.value === "" || Number(row.querySelector(`[data-kind=${kind.value}]`).dataset.value) > 0;
      const asked = !question || question.value === "" || row.dataset.question === question.value;
      const lacks = gap.value === "" || row.dataset.gaps.split(" ").includes(gap.value);
      row.hidden = !(kinds && asked && lacks && words.every((word) => content.includes(word)));
      count += row.hidden ? 0 : 1;
    }
    document.getElementById("shown").textContent = `${count} of ${body.rows.length} answers`;
  }

  // Previous and next follow the table as it stands.
  function between() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const article = target && target.closest("article");
    if (!article) return;
    const links = [...body.rows].filter((row) => !row.hidden).map((row) => row.querySelector("a").getAttribute("href"));
    const here = links.indexOf(`#${article.id}`);
    for (const [name, link] of [["before", links[here - 1]], ["after", links[here + 1]]]) {
      const found = article.querySelector(`a.${name}`);
      found.hidden = here < 0 || link === undefined;
      if (!found.hidden) found.setAttribute("href", link);
    }
  }

  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    button.disabled = false;
    button.addEventListener("click", () => sort(column));
  });
  for (const part of all("[data-script]")) part.hidden = false;
  for (const control of [search, question, kind, gap]) if (control) control.addEventListener("input", filter);
  document.querySelector("form.filter").addEventListener("submit", (event) => event.preventDefault());
  for (const button of all("[data-gap]")) {
    button.addEventListener("click", () => {
      gap.value = button.dataset.gap;
      filter();
      table.closest("section").focus();
    });
  }
  window.addEventListener("hashchange", between);
  between();
}

if (table) overview();
