"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const LIMIT = 30;

  const chinese = () => document.documentElement.dataset.lang === "zh";

  document.addEventListener("DOMContentLoaded", () => {
    const search = document.querySelector(".search");
    const input = document.getElementById("query");
    const results = search.querySelector(".results");
    const list = results.querySelector("ul");

    search.hidden = false;

    let loading = null;
    const load = () => loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}assets/search.js`;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });

    function link(href, text, name) {
      const made = document.createElement("a");
      made.href = root + href;
      made.textContent = text;
      if (name) made.className = name;
      return made;
    }

    function entry(...parts) {
      const item = document.createElement("li");
      item.append(...parts);
      return item;
    }

    function note(text) {
      const made = document.createElement("span");
      made.className = "soft";
      made.lang = "zh-CN";
      made.textContent = text;
      return made;
    }

    function found(words) {
      const { regions, publishers } = window.juesuanIndex;
      const names = new Map(regions);
      const items = [];
      for (const [code, name] of regions)
        if (items.length < LIMIT && words.every((word) => `${name} ${code}`.includes(word)))
          items.push(entry(link(`regions/${code}.html`, name), note(code)));
      for (const [id, name, kind, code, years] of publishers) {
        if (items.length >= LIMIT) break;
        const told = `${name} ${kind} ${names.get(code) || ""} ${years.map(([year]) => year).join(" ")}`.toLowerCase();
        if (!words.every((word) => told.includes(word))) continue;
        const of = years.filter(([, report]) => report).map(([year, report, sign]) => link(`reports/${report}.html`, `${sign} ${year}`, "year"));
        items.push(entry(link(`entities/${id}.html`, name), note(`${kind}决算 ${names.get(code) || ""}`), ...of));
      }
      return items;
    }

    async function look() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      results.hidden = !words.length;
      if (!words.length) return;
      await load();
      const items = found(words);
      list.replaceChildren(...items);
      const told = items.length >= LIMIT ? `${LIMIT}+` : items.length;
      const status = results.querySelector("[role=status]");
      status.textContent = chinese() ? `找到 ${told} 项` : `${told} found`;
      status.classList.toggle("hidden", items.length > 0);
    }

    function step(forward) {
      const links = [input, ...list.querySelectorAll("a")];
      const next = links.indexOf(document.activeElement) + (forward ? 1 : -1);
      if (next >= 0 && next < links.length) links[next].focus();
    }

    input.addEventListener("focus", load, { once: true });
    input.addEventListener("input", look);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { results.hidden = true; input.focus(); }
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event.key === "ArrowDown"); }
      else if (event.key === "Enter" && document.activeElement === input) { const first = list.querySelector("a"); if (first && !results.hidden) first.click(); }
    });
    document.addEventListener("click", (event) => { if (!search.contains(event.target)) results.hidden = true; });
  });
})();
