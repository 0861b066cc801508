// Makes an element's content equal to some HTML by changing only what differs, so that focus, selection and open
// <details> stay as they are.

const KEPT = new Set(["open"]); // what the reader set, not we

export function morph(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  alignChildren(element, template.content);
}

function alignChildren(now, wanted) {
  const current = [...now.childNodes];
  const next = [...wanted.childNodes];
  next.forEach((node, index) => {
    const old = current[index];
    if (!old) now.append(node);
    else if (old.nodeType !== node.nodeType || old.nodeName !== node.nodeName) old.replaceWith(node);
    else align(old, node);
  });
  current.slice(next.length).forEach((node) => node.remove());
}

function align(now, wanted) {
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.nodeValue !== wanted.nodeValue) now.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...now.attributes]) {
    if (!wanted.hasAttribute(name) && !KEPT.has(name)) now.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (now.getAttribute(name) !== value && !KEPT.has(name)) now.setAttribute(name, value);
  }
  alignChildren(now, wanted);
}
