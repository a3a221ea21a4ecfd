"use strict";
(() => {
  const page = document.documentElement;
  const next = { en: "zh", zh: "en" };
  const names = { en: "English", zh: "中文" };

  // Pages opened as files may have no storage: the choice is this page's then.
  const stored = () => { try { return localStorage.getItem("language"); } catch { return null; } };
  const store = (language) => { try { localStorage.setItem("language", language); } catch { /* as above */ } };

  function speak(language) {
    page.dataset.lang = language;
    page.lang = language === "zh" ? "zh-CN" : "en";
  }
  const chosen = stored() || navigator.language.slice(0, 2);
  speak(chosen in next ? chosen : "en");

  function label() {
    const button = document.querySelector(".language");
    const other = next[page.dataset.lang];
    button.textContent = names[other];
    button.lang = other;
    button.hidden = false;
    for (const input of document.querySelectorAll("input[data-en]")) input.placeholder = input.dataset[page.dataset.lang];
  }

  function begin() {
    label();
    document.querySelector(".language").addEventListener("click", () => {
      speak(next[page.dataset.lang]);
      store(page.dataset.lang);
      label();
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
