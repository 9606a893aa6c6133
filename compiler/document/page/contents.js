import { all, around, one } from "./elements.js";

export const contents = one(".contents", HTMLDetailsElement);

// Contents fold up where the page is narrow.
const narrow = matchMedia("(max-width: 56rem)");
const fold = () => {
  contents.open = !narrow.matches;
};
narrow.addEventListener("change", fold);
contents.addEventListener("click", (event) => {
  if (around(event, "a", HTMLElement) && narrow.matches) contents.open = false;
});
fold();

// What is wider than the page is reached by the keyboard too.
const sizes = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
for (const wide of all(".wide", HTMLElement)) sizes.observe(wide);
