"use strict";
(() => {
  const tip = document.getElementById("tip");
  const status = document.getElementById("status");
  const chinese = () => document.documentElement.dataset.lang === "zh";
  let shown = null, pinned = false, leaving = 0;

  // All places of one equation: figures by their id, words by the keys of their pieces.
  const places = (owner) => owner.dataset.p.trim().split(/\s+/).filter(Boolean).flatMap((key) =>
    /^(r\d+-)?w/.test(key) ? [...document.querySelectorAll(`[data-w~="${key}"]`)] : [document.getElementById(key)]);

  function highlight(owner) {
    for (const each of document.querySelectorAll(".on")) each.classList.remove("on");
    owner.classList.add("on");
    const found = places(owner);
    for (const each of found) each.classList.add("on");
    status.textContent = `${owner.dataset.name}: ${found.length} ${chinese() ? "处已标出" : "places highlighted"}`;
  }

  function open(target) {
    for (let each = target && target.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  }

  function show(figure) {
    clearTimeout(leaving);
    if (shown === figure) return;
    tip.replaceChildren();
    for (const row of document.querySelectorAll(`tr[data-f="${figure.id}"]`)) {
      const heads = row.closest("table").tHead.rows[0].cells;
      const list = tip.appendChild(document.createElement("dl"));
      for (const [index, cell] of [...row.cells].entries()) {
        if (!cell.textContent.trim()) continue;
        list.appendChild(document.createElement("dt")).append(...heads[index].cloneNode(true).childNodes);
        const told = list.appendChild(document.createElement("dd"));
        told.lang = cell.lang;
        told.append(...cell.cloneNode(true).childNodes);
      }
    }
    tip.hidden = false;
    shown = figure;
    const place = figure.getClientRects()[0];
    const below = place.bottom + 6 + tip.offsetHeight < innerHeight || place.top < tip.offsetHeight;
    tip.style.top = `${scrollY + (below ? place.bottom + 6 : place.top - tip.offsetHeight - 6)}px`;
    tip.style.left = `${Math.max(8, Math.min(place.left, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`;
  }

  function hide() {
    tip.hidden = true;
    shown = null;
    pinned = false;
  }

  const figureOf = (event) => event.target.closest("a.f[id]");
  const leave = () => { if (!pinned) leaving = setTimeout(hide, 200); };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || pinned) return;
    const figure = figureOf(event);
    if (figure) show(figure);
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (shown) leave();
  });
  document.addEventListener("focusin", (event) => {
    const figure = figureOf(event);
    if (figure && figure.matches(":focus-visible")) { pinned = false; show(figure); }
    else if (!figure && !tip.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    if (tip.contains(document.activeElement)) shown.focus();
    hide();
  });
  document.addEventListener("click", (event) => {
    const figure = figureOf(event);
    if (figure) {
      // The figure's own equation: its places light up, and its sentence comes into view beside the text.
      event.preventDefault();
      show(figure);
      pinned = true;
      const owner = [...document.querySelectorAll(".card[data-p]")].find((card) => card.dataset.p.split(/\s+/).includes(figure.id));
      if (owner) {
        highlight(owner);
        if (getComputedStyle(owner.parentElement).position === "sticky") owner.parentElement.scrollTop = owner.offsetTop - owner.parentElement.offsetTop;
      }
      const link = tip.querySelector("a");
      if (event.detail === 0 && link) link.focus();
      return;
    }
    const link = event.target.closest('a[href^="#"]');
    if (!link) { if (!tip.contains(event.target)) hide(); return; }
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    open(target);
    hide();
    const owner = link.closest("[data-p]") || (target && target.matches("[data-p]") && target);
    if (owner) highlight(owner);
  });
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    open(target);
    if (target) target.scrollIntoView({ block: "nearest" });
  });

  for (const list of document.querySelectorAll("details.list")) {
    const label = document.createElement("label");
    label.className = "filter";
    for (const [language, word] of [["en", "Filter"], ["zh", "筛选"]]) {
      const name = label.appendChild(document.createElement("span"));
      name.className = language;
      name.lang = language;
      name.textContent = word;
    }
    const input = label.appendChild(document.createElement("input"));
    input.type = "search";
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const row of list.querySelectorAll("tbody tr:not(.group)"))
        row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      for (const group of list.querySelectorAll("tr.group"))
        group.hidden = !group.parentElement.querySelector("tr:not(.group):not([hidden])");
    });
    list.querySelector("summary").after(label);
  }
})();
