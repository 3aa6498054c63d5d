// WhatsApp's marks as elements: *bold*, _italic_, ~struck~, `code`. Text only ever becomes text
// nodes, so nothing in a message can be markup.

const MARKED = /(^|[^\p{L}\p{N}*_~`])(?:```([^]+?)```|`([^`\n]+)`|([*_~])(?=\S)([^\n]*?\S)\4(?![\p{L}\p{N}]))/u;
const ELEMENTS = { "*": "strong", "_": "em", "~": "s" };

/** A fragment showing `text`; a mark counts where a word begins and ends, as on WhatsApp. */
export function formatted(text) {
  const fragment = document.createDocumentFragment();
  let rest = text;
  for (let found = MARKED.exec(rest); found; found = MARKED.exec(rest)) {
    const [whole, before, block, inline, mark, inner] = found;
    fragment.append(rest.slice(0, found.index) + before, element(block ?? inline, mark, inner));
    rest = rest.slice(found.index + whole.length);
  }
  fragment.append(rest);
  return fragment;
}

function element(code, mark, inner) {
  const made = document.createElement(mark ? ELEMENTS[mark] : "code");
  made.append(mark ? formatted(inner) : code);
  return made;
}
