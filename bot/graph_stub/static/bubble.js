// One message on a phone: what a person sent (the webhook's form), or the bot (Graph's form).

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓ read", failed: "✗ not delivered" };

function made(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function tapButton(form, id, title, description, line, say) {
  const button = made("button", form === "list_reply" ? "row" : "", title);
  if (description) button.append(made("small", "", description));
  button.onclick = () => say({ tap: { form, id, title }, reply_to: line.id });
  return button;
}

function media(content, kind) {
  if (kind === "image" && content.id) {
    const picture = made("img", "");
    picture.src = `/_control/media/${content.id}`;
    picture.alt = content.caption ?? "picture";
    return [picture, content.caption ?? ""];
  }
  return [made("span", "kind", content.filename ? `${kind}: ${content.filename}` : kind), content.caption ?? ""];
}

function interactive(content, line, say) {
  if (content.button_reply || content.list_reply) return [(content.button_reply ?? content.list_reply).title];
  const body = content.body?.text ?? "";
  if (content.type === "button") {
    const taps = content.action.buttons.map(({ reply }) => tapButton("button_reply", reply.id, reply.title, "", line, say));
    return [body, made("div", "taps", ...taps)];
  }
  const rows = (content.action?.sections ?? []).flatMap((section) => section.rows);
  const taps = rows.map((row) => tapButton("list_reply", row.id, row.title, row.description, line, say));
  const menu = made("details", "", made("summary", "", content.action?.button ?? ""), made("div", "taps", ...taps));
  menu.ontoggle = () => menu.scrollIntoView({ block: "nearest" });
  return [body, menu];
}

function template(content, line, say) {
  const parts = content.components ?? [];
  const words = parts.filter((part) => part.type === "body").flatMap((part) => part.parameters.map((each) => each.text));
  const taps = parts
    .filter((part) => part.type === "button")
    .map((part, at) => tapButton("button", part.parameters[0].payload, `Button ${at + 1}`, part.parameters[0].payload, line, say));
  return [made("span", "kind", `template ${content.name} (${content.language.code})`), words.join(" · "), made("div", "taps", ...taps)];
}

function inside(message, line, say) {
  const content = message[message.type] ?? {};
  switch (message.type) {
    case "text":
      return [content.body];
    case "interactive":
      return interactive(content, line, say);
    case "button":
      return [content.text];
    case "image":
    case "video":
    case "audio":
    case "sticker":
    case "document":
      return media(content, message.type);
    case "location":
      return [made("span", "kind", "location"), [content.name, content.address, `${content.latitude}, ${content.longitude}`].filter(Boolean).join("\n")];
    case "reaction":
      return [content.emoji ?? "(reaction taken back)"];
    case "contacts":
      return content.flatMap(({ name, phones = [] }) => [
        made("span", "kind", "contact"),
        [name.formatted_name, ...phones.map(({ phone }) => phone)].join("\n"),
      ]);
    case "template":
      return template(content, line, say);
    default:
      return [made("span", "kind", message.type), JSON.stringify(content, null, 1)];
  }
}

// *bold* as WhatsApp shows it.
function words(part) {
  if (typeof part !== "string") return [part];
  return part.split(/\*([^*\n]+)\*/).map((piece, at) => (at % 2 ? made("b", "", piece) : piece));
}

export function bubble(line, say) {
  const item = made("li", line.by, ...inside(line.message, line, say).flatMap(words));
  item.append(made("span", "ticks"));
  return item;
}

export function mark(item, status) {
  item.querySelector(".ticks").textContent = TICKS[status] ?? "";
}
