// YAML made readable: keys, texts, comments, and what is filled in. It colours and decides nothing.

const TOKEN = /(#.*$)|("(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?)|(\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$))|([A-Za-z_][\w.-]*)(?=\s*:(?:\s|$))|([{}[\],:|>-])|(\s+)|([^\s#"'{}[\],:][^\s{}[\],:]*|.)/gy;
const FILLED = /\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)/g;

/**
 * One line, coloured.
 * @param {string} line
 * @returns {DocumentFragment}
 */
export function painted(line) {
  const made = document.createDocumentFragment();
  TOKEN.lastIndex = 0;
  let match;
  let spaced = true; // whether a # would begin a comment
  while ((match = TOKEN.exec(line)) && match[0]) {
    const [all, note, text, filled, key, mark, space] = match;
    if (note !== undefined && !spaced) {
      made.append("#");
      TOKEN.lastIndex = match.index + 1;
    } else if (text !== undefined && !spaced && !"{[,:(".includes(line[match.index - 1])) {
      made.append(all[0]); // an apostrophe within a word opens nothing
      TOKEN.lastIndex = match.index + 1;
    } else if (note !== undefined) made.append(span("note", all));
    else if (text !== undefined) made.append(withFilled(all));
    else if (filled !== undefined) made.append(span("filled", all));
    else if (key !== undefined) made.append(span("key", all));
    else if (mark !== undefined) made.append(span("mark", all));
    else made.append(all);
    spaced = space !== undefined;
  }
  return made;
}

function withFilled(text) {
  const made = span("text", "");
  let at = 0;
  for (const match of text.matchAll(FILLED)) {
    made.append(text.slice(at, match.index), span("filled", match[0]));
    at = match.index + match[0].length;
  }
  made.append(text.slice(at));
  return made;
}

function span(kind, text) {
  const made = document.createElement("span");
  made.className = kind;
  made.textContent = text;
  return made;
}
