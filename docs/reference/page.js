// The filter, and the place in the contents. Without it, the page is all there.
const filter = document.getElementById("filter");
const found = document.getElementById("found");
const contents = document.getElementById("contents");
const narrow = matchMedia("(max-width: 900px)");
const text = (...nodes) => nodes.map((node) => node.id + " " + node.textContent).join(" ").toLowerCase();

const parts = [...document.querySelectorAll(".part")].map((part) => ({
  part,
  entries: [...part.querySelectorAll(".entry")].map((entry) => {
    const inMember = (node) => node.parentElement.closest(".member");
    const members = [...entry.querySelectorAll(".member")];
    const rows = [...entry.querySelectorAll("tbody tr, .values li")].filter((row) => !inMember(row));
    return {
      entry,
      name: (entry.id + " " + entry.dataset.name).toLowerCase(),
      prose: text(...[...entry.querySelectorAll(".prose, .inherited, .facts")].filter((node) => !inMember(node))),
      leaves: [...members, ...rows].map((leaf) => ({ leaf, text: text(leaf) })),
      tables: [...entry.querySelectorAll("table")].filter((table) => !inMember(table)),
    };
  }),
}));
const links = [...contents.querySelectorAll("a")].map((link) => ({
  link,
  target: document.getElementById(decodeURIComponent(link.hash.slice(1))),
}));

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (where) => words.every((word) => where.includes(word));
  let entriesShown = 0;
  document.body.classList.toggle("filtered", words.length > 0);
  for (const { part, entries } of parts) {
    let any = words.length === 0;
    for (const { entry, name, prose, leaves, tables } of entries) {
      const whole = has(name);
      let shown = whole || has(prose);
      for (const { leaf, text: told } of leaves) {
        leaf.hidden = !(whole || has(told));
        shown ||= !leaf.hidden;
      }
      for (const table of tables) table.hidden = !table.querySelector("tbody tr:not([hidden])");
      entry.hidden = !shown;
      entriesShown += shown ? 1 : 0;
      any ||= shown;
    }
    part.hidden = !any;
  }
  for (const { link, target } of links) link.parentElement.hidden = Boolean(target.closest("[hidden]"));
  found.textContent = words.length ? (entriesShown ? `${entriesShown} found` : "Nothing found") : "";
}

function clear() {
  filter.value = "";
  show();
}

document.getElementById("find").hidden = false;
filter.addEventListener("input", show);
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (target?.closest("[hidden]")) clear();
  if (narrow.matches) contents.open = false;
});

const fold = () => { contents.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();

// Where in the contents a reader is.
const seen = new Set();
const observer = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
  const first = links.find(({ target }) => seen.has(target) && !target.querySelector(".entry")) ?? links.find(({ target }) => seen.has(target));
  for (const each of links) {
    if (each === first) each.link.setAttribute("aria-current", "location");
    else each.link.removeAttribute("aria-current");
  }
  if (first && !narrow.matches) {
    const nav = contents.parentElement, box = first.link.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) nav.scrollTop += box.top - innerHeight / 2;
  }
}, { rootMargin: "0px 0px -80% 0px" });
for (const { target } of links) observer.observe(target);
