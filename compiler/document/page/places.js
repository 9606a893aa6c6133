import { all } from "./elements.js";

/**
 * A place in the page: what it lies in is opened, and the keyboard goes on from there.
 * @param {HTMLElement} element
 */
const reveal = (element) => {
  for (let outer = element.closest("details"); outer; outer = outer.parentElement?.closest("details") ?? null) {
    outer.open = true;
  }
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.scrollIntoView({ block: element.matches("tr") ? "center" : "start" });
  element.focus({ preventScroll: true });
};

/** @param {HTMLElement} element */
export const goTo = (element) => {
  const isThere = location.hash === `#${element.id}`;
  if (element.id && !isThere) location.hash = element.id;
  else reveal(element);
};

/** To the place that the address names. */
export const goToHash = () => {
  const element = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (element && !element.matches("#content")) reveal(element);
};

addEventListener("hashchange", goToHash);

/**
 * The page of an object, where it has one.
 * @param {string | undefined} id
 */
export const pageOf = (id) => all("article.entry", HTMLElement).find(({ dataset }) => dataset.id === id);
