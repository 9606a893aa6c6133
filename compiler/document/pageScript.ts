/**
 * What moves in the page: search, and the diagram.
 * @param live what asks the live database, where there is a service that answers
 */
export const pageScript = (live: string): string => `
"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // A place in the page: what it lies in is opened, and the keyboard goes on from there.
  const reveal = (element) => {
    for (let outer = element; outer; outer = outer.parentElement) if (outer.tagName === "DETAILS") outer.open = true;
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.scrollIntoView({ block: element.matches("tr") ? "center" : "start" });
    element.focus({ preventScroll: true });
  };
  const goTo = (element) => {
    const isThere = location.hash === "#" + element.id;
    if (element.id && !isThere) location.hash = element.id;
    else reveal(element);
  };
  const atHash = () => {
    const element = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (element && !element.matches("#content")) reveal(element);
  };
  addEventListener("hashchange", atHash);

  // Search: what has a name is found by it first, then by all that is said of it.
  const found = document.getElementById("found");
  const search = document.getElementById("search");
  const results = document.getElementById("results");
  const contents = document.querySelector(".contents");
  const things = all("[data-name]").map((element, order) => {
    const owner = element.parentElement.closest("[data-name]");
    const own = element.dataset.name;
    const name = owner && owner.matches("article") ? owner.dataset.name + "." + own : own;
    const kind = element.dataset.kind ?? element.closest("table").dataset.kind;
    const said = element.matches("article") ? [...element.querySelectorAll(":scope > p")].map((one) => one.textContent).join(" ") : element.textContent;
    const cells = element.matches("tr") ? [...element.cells].slice(1).map((cell) => cell.textContent.trim()).filter(Boolean) : [];
    const detail = element.dataset.detail ?? (cells.length > 0 ? cells.join(" · ") : said.trim());
    return { element, order, name, kind, detail, lower: name.toLowerCase(), last: own.toLowerCase(), text: (name + " " + kind + " " + said).toLowerCase() };
  });
  const rank = ({ lower, last, element }, words) => {
    const [word] = words;
    const isPage = element.matches("article") ? 0 : 0.5;
    if (words.length > 1) return (words.every((one) => lower.includes(one)) ? 2 : 3) + isPage;
    if (lower === word || last === word) return 0 + isPage;
    if (lower.startsWith(word) || last.startsWith(word)) return 1 + isPage;
    return (lower.includes(word) ? 2 : 3) + isPage;
  };
  const SHOWN = 60;
  let listed = [];
  let at = 0;
  const marked = (name, words) => {
    const lower = name.toLowerCase();
    const hit = words.map((word) => [lower.indexOf(word), word.length]).find(([start]) => start >= 0);
    if (!hit) return [name];
    const [start, length] = hit;
    return [name.slice(0, start), make("mark", { textContent: name.slice(start, start + length) }), name.slice(start + length)];
  };
  const choose = (number) => {
    at = number;
    [...results.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    const item = results.children[at];
    if (item) item.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (item) search.setAttribute("aria-activedescendant", item.id);
    else search.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    results.hidden = true;
    contents.hidden = false;
    found.textContent = "";
    search.setAttribute("aria-expanded", "false");
    search.removeAttribute("aria-activedescendant");
  };
  const find = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    if (words.length === 0) return close();
    const hits = things
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map((thing) => ({ thing, place: rank(thing, words) }))
      .sort((one, other) => one.place - other.place || one.thing.order - other.thing.order);
    listed = hits.slice(0, SHOWN).map(({ thing }) => thing);
    results.replaceChildren(
      ...listed.map(({ name, kind, detail }, i) => {
        const short = detail.length > 90 ? detail.slice(0, 89) + "…" : detail;
        const item = make("li", { id: "result-" + i }, ...marked(name, words), make("small", { textContent: short ? kind + " · " + short : kind }));
        item.setAttribute("role", "option");
        return item;
      }),
    );
    results.hidden = listed.length === 0;
    contents.hidden = true;
    search.setAttribute("aria-expanded", String(listed.length > 0));
    found.textContent = hits.length === 0 ? "Nothing found" : hits.length > SHOWN ? hits.length + " found, the first " + SHOWN + " shown" : hits.length + " found";
    choose(0);
  };
  const take = (number) => {
    const thing = listed[number];
    if (!thing) return;
    close();
    goTo(thing.element);
  };
  search.addEventListener("input", find);
  search.addEventListener("focus", () => search.value && find());
  results.addEventListener("mousedown", (event) => event.preventDefault());
  results.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) take([...results.children].indexOf(item));
  });
  search.addEventListener("keydown", (event) => {
    const isOpen = !results.hidden;
    if (event.key === "Escape") {
      search.value = "";
      close();
    } else if (event.key === "Enter") isOpen && take(at);
    else if (event.key === "ArrowDown" && isOpen) choose(Math.min(at + 1, listed.length - 1));
    else if (event.key === "ArrowUp" && isOpen) choose(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // Contents fold up where the page is narrow.
  const narrow = matchMedia("(max-width: 56rem)");
  const fold = () => (contents.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  contents.addEventListener("click", (event) => event.target.closest("a") && narrow.matches && (contents.open = false));
  fold();

  // What is wider than the page is reached by the keyboard too.
  const sizes = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const wide of all(".wide")) sizes.observe(wide);

  ${live}

  const canvas = document.getElementById("canvas");
  if (!canvas) return atHash();
  const diagram = document.getElementById("diagram");
  const pictures = all(".picture", canvas);
  let picture = pictures[0];
  let place = { x: 0, y: 0, scale: 1 };
  let pinned = null;
  const sizeOf = () => ({ width: picture.firstElementChild.width.baseVal.value, height: picture.firstElementChild.height.baseVal.value });
  const boxesIn = (one) => all("g.box", one);
  const boxOf = (id) => boxesIn(picture).find((box) => box.dataset.table === id);

  // Seen from far, a table is its name, in as many lines as make it largest.
  const LINE = 1.15;
  const INK = 100;
  const ink = document.createElement("canvas").getContext("2d");
  ink.font = "600 " + INK + "px " + getComputedStyle(document.body).fontFamily;
  const splits = (name) => {
    const parts = name.split(/(?<=[_.])/);
    const filled = (most) => {
      const lines = [];
      for (const part of parts) {
        const last = lines.length - 1;
        if (last >= 0 && lines[last].length + part.length <= most) lines[last] += part;
        else lines.push(part);
      }
      return lines;
    };
    return [...new Set(Array.from({ length: name.length }, (_, i) => i + 1))].map(filled).filter((lines) => lines.length <= 4);
  };
  const label = (box) => {
    const name = box.querySelector(".title").textContent;
    const { x, y, width, height } = box.querySelector(".body").getBBox();
    const sizeOf = (lines) => Math.min((width - 8) / Math.max(...lines.map((line) => ink.measureText(line).width / INK)), (height - 6) / (lines.length * LINE));
    const lines = splits(name).reduce((best, next) => (sizeOf(next) > sizeOf(best) + 0.5 ? next : best), [name]);
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("class", "label");
    text.setAttribute("aria-hidden", "true");
    text.setAttribute("y", String(y + height / 2));
    text.style.fontSize = "max(var(--least), min(var(--label), " + sizeOf(lines).toFixed(1) + "px))";
    lines.forEach((line, i) => {
      const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
      span.setAttribute("x", String(x + width / 2));
      span.setAttribute("dy", (i === 0 ? 0.35 - ((lines.length - 1) * LINE) / 2 : LINE) + "em");
      span.textContent = line;
      text.append(span);
    });
    box.append(text);
  };
  const labelled = new Set();

  const put = (next) => {
    place = next;
    const isMap = picture.classList.contains("map");
    picture.classList.toggle("far", isMap || place.scale < 0.62);
    picture.style.setProperty("--label", ((isMap ? 12 : 14) / place.scale).toFixed(2) + "px");
    picture.style.setProperty("--least", (isMap ? 0 : 9 / place.scale).toFixed(2) + "px");
    picture.style.transform = "translate(" + place.x + "px," + place.y + "px) scale(" + place.scale + ")";
  };
  const fit = () => {
    const { width, height } = sizeOf();
    const scale = Math.min((canvas.clientWidth - 16) / width, (canvas.clientHeight - 16) / height, 1.2);
    put({ scale, x: (canvas.clientWidth - width * scale) / 2, y: (canvas.clientHeight - height * scale) / 2 });
  };
  const zoom = (factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.05, place.scale * factor));
    const grown = scale / place.scale;
    put({ scale, x: x - (x - place.x) * grown, y: y - (y - place.y) * grown });
  };
  const light = (id) => {
    for (const part of all(".near, .pinned", picture)) part.classList.remove("near", "pinned");
    picture.classList.toggle("chosen", id !== null);
    if (id === null) return;
    const near = new Set([id]);
    for (const line of all("g.line[data-from]", picture)) {
      const { from, to } = line.dataset;
      if (from !== id && to !== id) continue;
      line.classList.add("near");
      near.add(from).add(to);
    }
    for (const box of boxesIn(picture)) if (near.has(box.dataset.table)) box.classList.add("near");
    if (pinned !== null) boxOf(pinned)?.classList.add("pinned");
  };
  const pin = (id) => {
    pinned = id;
    light(id);
  };
  const select = (number) => {
    pin(null);
    pictures.forEach((one, i) => (one.hidden = i !== number));
    picture = pictures[number];
    if (!labelled.has(picture)) boxesIn(picture).forEach(label);
    labelled.add(picture);
    const chooser = document.getElementById("picture");
    if (chooser) chooser.value = String(number);
    fit();
  };
  // Of the pictures that have a table, the one that tells most of it.
  const rowsOf = (one, id) => {
    const box = boxesIn(one).find(({ dataset }) => dataset.table === id);
    return box ? all(".name", box).length : -1;
  };
  const show = (id) => {
    const best = pictures.reduce((best, next) => (rowsOf(next, id) > rowsOf(best, id) ? next : best));
    if (rowsOf(best, id) < 0) return;
    select(pictures.indexOf(best));
    const box = boxOf(id).getBBox();
    const scale = Math.max(place.scale, 0.9);
    put({ scale, x: canvas.clientWidth / 2 - (box.x + box.width / 2) * scale, y: canvas.clientHeight / 2 - (box.y + box.height / 2) * scale });
    pin(id);
    canvas.scrollIntoView({ block: "center" });
    canvas.focus({ preventScroll: true });
  };
  const leaveLarge = () => {
    if (!diagram.classList.contains("large")) return false;
    diagram.classList.remove("large");
    fit();
    return true;
  };
  const pageOf = (id) => all("article.entry").find((one) => one.dataset.id === id);
  const lead = (id) => {
    const page = pageOf(id);
    if (!page) return;
    leaveLarge();
    goTo(page);
  };
  document.getElementById("picture")?.addEventListener("change", (event) => select(Number(event.target.value)));
  const TOOLS = {
    in: () => zoom(1.3),
    out: () => zoom(1 / 1.3),
    fit: () => {
      pin(null);
      fit();
    },
    large: () => {
      diagram.classList.toggle("large");
      fit();
      canvas.focus({ preventScroll: true });
    },
  };
  for (const button of all("[data-zoom]")) button.addEventListener("click", () => TOOLS[button.dataset.zoom]());
  const drawn = new Set(all("g.box", canvas).map((box) => box.dataset.table));
  for (const button of all(".show")) {
    button.hidden = !drawn.has(button.dataset.table);
    button.addEventListener("click", () => show(button.dataset.table));
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      // Without a key, and before the diagram is clicked into, the wheel moves the page.
      const isMeant = event.ctrlKey || event.metaKey || document.activeElement === canvas;
      if (!isMeant) return;
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 150 : 500)), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  // One finger or the mouse moves the picture, two fingers zoom it.
  const held = new Map();
  let start = null;
  const hold = (event) => held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const apart = () => {
    const [a, b] = [...held.values()];
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    hold(event);
    start = { at: [event.clientX, event.clientY], table: event.target.closest?.("g.box")?.dataset.table };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("moving");
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (before === undefined) {
      const over = event.target.closest?.("g.box")?.dataset.table;
      if (over) light(over);
      return;
    }
    if (held.size === 2) {
      const was = apart();
      hold(event);
      const now = apart();
      const { left, top } = canvas.getBoundingClientRect();
      zoom(now.distance / was.distance, now.x - left, now.y - top);
      start = null;
      return;
    }
    hold(event);
    put({ ...place, x: place.x + event.clientX - before.x, y: place.y + event.clientY - before.y });
  });
  const release = (event) => {
    held.delete(event.pointerId);
    if (held.size === 0) canvas.classList.remove("moving");
  };
  canvas.addEventListener("pointerleave", () => held.size > 0 || light(pinned));
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerup", (event) => {
    release(event);
    const isClick = start !== null && Math.hypot(event.clientX - start.at[0], event.clientY - start.at[1]) < 4;
    if (isClick && start.table) lead(start.table);
    start = null;
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) put({ ...place, x: place.x + move[0], y: place.y + move[1] });
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") TOOLS.fit();
    else if (event.key === "f") TOOLS.large();
    else if (event.key === "Enter" && pinned !== null) lead(pinned);
    else if (event.key === "Escape") leaveLarge() || pin(null);
    else return;
    event.preventDefault();
  });
  addEventListener("resize", fit);
  select(0);
  atHash();
})();
`;
