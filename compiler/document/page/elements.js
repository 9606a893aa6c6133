/**
 * Every element of a type that a selector finds.
 * @template {Element} Type
 * @param {string} selector
 * @param {new () => Type} type
 * @param {ParentNode} [inside]
 */
export const all = (selector, type, inside = document) =>
  [...inside.querySelectorAll(selector)].flatMap((found) => (found instanceof type ? [found] : []));

/**
 * The first element that a selector finds, where the page is sure to have one.
 * @template {Element} Type
 * @param {string} selector
 * @param {new () => Type} type
 * @param {ParentNode} [inside]
 */
export const one = (selector, type, inside = document) => {
  const [found] = all(selector, type, inside);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
};

/**
 * The element around the place of an event.
 * @template {Element} Type
 * @param {Event} event
 * @param {string} selector
 * @param {new () => Type} type
 */
export const around = ({ target }, selector, type) => {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof type ? found : null;
};

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 * @param {...(Node | string)} children
 */
export const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
