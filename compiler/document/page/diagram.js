import { all, around, one } from "./elements.js";
import { label } from "./labels.js";
import { goTo, pageOf } from "./places.js";

/** @typedef {{ readonly x: number, readonly y: number }} Point */

/** @type {Readonly<Record<string, Point>>} */
const MOVES = {
  ArrowLeft: { x: 60, y: 0 },
  ArrowRight: { x: -60, y: 0 },
  ArrowUp: { x: 0, y: 60 },
  ArrowDown: { x: 0, y: -60 },
};

/** @param {ParentNode} inside */
const boxesIn = (inside) => all("g.box", SVGGraphicsElement, inside);

/**
 * How much a picture tells of a table; -1 where it does not have it.
 * @param {HTMLElement} picture
 * @param {string | undefined} id
 */
const rowsOf = (picture, id) => {
  const box = boxesIn(picture).find(({ dataset }) => dataset.table === id);
  return box ? all(".name", Element, box).length : -1;
};

/**
 * Pictures of the tables, one of which is shown, moved and zoomed.
 * @param {HTMLElement} canvas
 */
export const openDiagram = (canvas) => {
  const diagram = one("#diagram", HTMLElement);
  const pictures = all(".picture", HTMLElement, canvas);
  const [chooser] = all("#picture", HTMLSelectElement);
  let picture = one(".picture", HTMLElement, canvas);
  let place = { x: 0, y: 0, scale: 1 };
  /** @type {string | null} */
  let pinned = null;
  const labelled = new Set();

  const sizeOf = () => {
    const { width, height } = one("svg", SVGSVGElement, picture);
    return { width: width.baseVal.value, height: height.baseVal.value };
  };
  /** @param {string | null} id */
  const boxOf = (id) => boxesIn(picture).find(({ dataset }) => dataset.table === id);

  /** @param {typeof place} next */
  const put = (next) => {
    place = next;
    const isMap = picture.classList.contains("map");
    picture.classList.toggle("far", isMap || place.scale < 0.62);
    picture.style.setProperty("--label", `${((isMap ? 12 : 14) / place.scale).toFixed(2)}px`);
    picture.style.setProperty("--least", `${(isMap ? 0 : 9 / place.scale).toFixed(2)}px`);
    picture.style.transform = `translate(${place.x}px,${place.y}px) scale(${place.scale})`;
  };
  const fitCanvas = () => {
    const { width, height } = sizeOf();
    const scale = Math.min((canvas.clientWidth - 16) / width, (canvas.clientHeight - 16) / height, 1.2);
    put({ scale, x: (canvas.clientWidth - width * scale) / 2, y: (canvas.clientHeight - height * scale) / 2 });
  };
  /**
   * @param {number} factor
   * @param {number} [x] what stays where it is
   * @param {number} [y]
   */
  const zoom = (factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.05, place.scale * factor));
    const grown = scale / place.scale;
    put({ scale, x: x - (x - place.x) * grown, y: y - (y - place.y) * grown });
  };
  /** @param {Point} by */
  const move = ({ x, y }) => put({ ...place, x: place.x + x, y: place.y + y });

  /**
   * A table with those around it.
   * @param {string | null} id
   */
  const light = (id) => {
    for (const part of all(".near, .pinned", Element, picture)) part.classList.remove("near", "pinned");
    picture.classList.toggle("chosen", id !== null);
    if (id === null) return;
    /** @type {Set<string | undefined>} */
    const near = new Set([id]);
    for (const line of all("g.line[data-from]", SVGElement, picture)) {
      const { from, to } = line.dataset;
      if (from !== id && to !== id) continue;
      line.classList.add("near");
      near.add(from).add(to);
    }
    for (const box of boxesIn(picture)) if (near.has(box.dataset.table)) box.classList.add("near");
    if (pinned !== null) boxOf(pinned)?.classList.add("pinned");
  };
  /** @param {string | null} id */
  const pin = (id) => {
    pinned = id;
    light(id);
  };

  /** @param {HTMLElement} chosen */
  const select = (chosen) => {
    pin(null);
    for (const each of pictures) each.hidden = each !== chosen;
    picture = chosen;
    if (!labelled.has(picture)) boxesIn(picture).forEach(label);
    labelled.add(picture);
    if (chooser) chooser.value = String(pictures.indexOf(picture));
    fitCanvas();
  };
  /**
   * A table, in the picture that tells most of it.
   * @param {string} id
   */
  const show = (id) => {
    const best = pictures.reduce((best, next) => (rowsOf(next, id) > rowsOf(best, id) ? next : best));
    if (rowsOf(best, id) < 0) return;
    select(best);
    const box = boxOf(id)?.getBBox();
    if (!box) return;
    const scale = Math.max(place.scale, 0.9);
    put({
      scale,
      x: canvas.clientWidth / 2 - (box.x + box.width / 2) * scale,
      y: canvas.clientHeight / 2 - (box.y + box.height / 2) * scale,
    });
    pin(id);
    canvas.scrollIntoView({ block: "center" });
    canvas.focus({ preventScroll: true });
  };

  const leaveLarge = () => {
    if (!diagram.classList.contains("large")) return false;
    diagram.classList.remove("large");
    fitCanvas();
    return true;
  };
  /** @param {string} id */
  const lead = (id) => {
    const page = pageOf(id);
    if (!page) return;
    leaveLarge();
    goTo(page);
  };

  const larger = () => zoom(1.3);
  const smaller = () => zoom(1 / 1.3);
  const showAll = () => {
    pin(null);
    fitCanvas();
  };
  const toggleLarge = () => {
    diagram.classList.toggle("large");
    fitCanvas();
    canvas.focus({ preventScroll: true });
  };
  const TOOLS = new Map([
    ["in", larger],
    ["out", smaller],
    ["fit", showAll],
    ["large", toggleLarge],
  ]);
  for (const button of all("[data-zoom]", HTMLElement)) {
    button.addEventListener("click", () => TOOLS.get(button.dataset.zoom ?? "")?.());
  }
  chooser?.addEventListener("change", () => {
    const chosen = pictures[Number(chooser.value)];
    if (chosen) select(chosen);
  });
  const drawn = new Set(boxesIn(canvas).map(({ dataset }) => dataset.table));
  for (const button of all(".show", HTMLElement)) {
    const { table = "" } = button.dataset;
    button.hidden = !drawn.has(table);
    button.addEventListener("click", () => show(table));
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
  /** @type {Map<number, Point>} */
  const held = new Map();
  /** @type {Point & { readonly table: string | undefined } | null} */
  let start = null;
  /** @param {PointerEvent} event */
  const hold = (event) => held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const apart = () => {
    const [a = { x: 0, y: 0 }, b = a] = held.values();
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  /** @param {PointerEvent} event */
  const tableAt = (event) => around(event, "g.box", SVGElement)?.dataset.table;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    hold(event);
    start = { x: event.clientX, y: event.clientY, table: tableAt(event) };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("moving");
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (before === undefined) {
      const over = tableAt(event);
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
    move({ x: event.clientX - before.x, y: event.clientY - before.y });
  });
  /** @param {PointerEvent} event */
  const release = (event) => {
    held.delete(event.pointerId);
    if (held.size === 0) canvas.classList.remove("moving");
  };
  canvas.addEventListener("pointerleave", () => {
    if (held.size === 0) light(pinned);
  });
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerup", (event) => {
    release(event);
    const isClick = start !== null && Math.hypot(event.clientX - start.x, event.clientY - start.y) < 4;
    if (isClick && start?.table) lead(start.table);
    start = null;
  });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = MOVES[event.key];
    if (by) move(by);
    else if (event.key === "+" || event.key === "=") larger();
    else if (event.key === "-") smaller();
    else if (event.key === "0") showAll();
    else if (event.key === "f") toggleLarge();
    else if (event.key === "Enter" && pinned !== null) lead(pinned);
    else if (event.key === "Escape") {
      if (!leaveLarge()) pin(null);
    } else return;
    event.preventDefault();
  });
  addEventListener("resize", fitCanvas);
  select(picture);
};
