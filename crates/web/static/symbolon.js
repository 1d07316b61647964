// Comfort only: every page works without this. No storage but one switch, no calls to anywhere.
const doc = document;
const $ = (s, root = doc) => root.querySelector(s);
const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
const typing = (t) => t.closest("input, select, textarea, [contenteditable]");

// What went wrong is read first.
$("[data-focus]")?.focus();

// Print button: useless without script, so it is hidden until now.
for (const b of doc.querySelectorAll("[data-print]")) {
  b.hidden = false;
  b.addEventListener("click", () => window.print());
}
// A closed table behind a picture is printed too.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...doc.querySelectorAll("details:not([open])")];
  for (const d of closed) d.open = true;
});
addEventListener("afterprint", () => { for (const d of closed) d.open = false; });

// A country on the map leads where its link in the table leads.
for (const map of doc.querySelectorAll("svg.map")) {
  map.classList.add("go");
  map.addEventListener("click", (e) => {
    const code = e.target.closest("[data-c]")?.dataset.c;
    if (/^[A-Z]{3}$/.test(code ?? "")) location.href = "/countries/" + code;
  });
}

// Empty fields of a filter form do not clutter the address.
for (const form of doc.querySelectorAll("form.filters")) {
  form.addEventListener("submit", () => {
    const empty = [...form.elements].filter((f) => f.name && !f.value && !f.disabled);
    for (const f of empty) f.disabled = true;
    setTimeout(() => { for (const f of empty) f.disabled = false; });
  });
}

// Rows by j and k: the first link of each.
const links = () => [...doc.querySelectorAll("main tbody tr, main .hits li")]
  .map((r) => $("a", r)).filter((a) => a?.checkVisibility());
function move(by) {
  const all = links();
  if (!all.length) return;
  const row = doc.activeElement.closest("tbody tr, .hits li");
  const at = all.findIndex((a) => row && row.contains(a));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  all[next].focus();
}

// The list of keys: taken from the help page's own words, made once.
const KEYS = [
  ["/", "Go to the search box"],
  ["?", "Show these keys"],
  ["j", "Next row of a table or list"],
  ["k", "Previous row"],
  ["Enter", "Open the row"],
  ["Esc", "Close what is open; leave a field without losing its text"],
];
function element(tag, text, parent) {
  const e = doc.createElement(tag);
  e.textContent = text;
  parent?.append(e);
  return e;
}
let dialog;
function keys() {
  if (!dialog) {
    dialog = doc.createElement("dialog");
    const title = element("h2", "Keyboard", dialog);
    title.id = "keys-title";
    dialog.setAttribute("aria-labelledby", title.id);
    const list = element("dl", "", dialog);
    list.className = "facts";
    for (const [key, does] of KEYS) {
      const line = element("div", "", list);
      element("kbd", key, element("dt", "", line));
      element("dd", does, line);
    }
    const label = element("label", "", element("p", "", dialog));
    const box = element("input", "", label);
    box.type = "checkbox";
    box.checked = !off();
    label.append(" Single-key shortcuts on");
    box.addEventListener("change", () => {
      try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* stays for this page */ }
    });
    const close = element("button", "Close", dialog);
    close.addEventListener("click", () => dialog.close());
    doc.body.append(dialog);
  }
  dialog.showModal();
}
$("[data-keys]")?.addEventListener("click", (e) => { e.preventDefault(); keys(); });

doc.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape" && typing(e.target)) return e.target.blur();
  if (typing(e.target) || off() || dialog?.open) return;
  const act = { "/": () => $("#q")?.focus(), "?": keys, j: () => move(1), k: () => move(-1) }[e.key];
  if (act) { e.preventDefault(); act(); }
});

// Passkeys: the browser is asked, its answer goes with the form. Without script the other ways remain.
const bytes = (t) => Uint8Array.from(atob(t.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
async function passkey(form) {
  const q = JSON.parse(form.dataset.question);
  const known = q.known.map((id) => ({ type: "public-key", id: bytes(id) }));
  if (form.dataset.passkey === "create") {
    const made = await navigator.credentials.create({ publicKey: {
      challenge: bytes(q.challenge), rp: { id: q.host, name: "Symbolon" },
      user: { id: bytes(q.user), name: q.name, displayName: q.name },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { userVerification: "required" }, attestation: "none", excludeCredentials: known,
    } });
    return { client: text(made.response.clientDataJSON), authenticator: text(made.response.getAuthenticatorData()) };
  }
  const used = await navigator.credentials.get({ publicKey: {
    challenge: bytes(q.challenge), rpId: q.host, allowCredentials: known, userVerification: "required",
  } });
  const r = used.response;
  return { passkey: used.id, client: text(r.clientDataJSON), authenticator: text(r.authenticatorData), signature: text(r.signature) };
}
for (const form of doc.querySelectorAll("form[data-passkey]")) {
  const button = $("button", form);
  button.hidden = !window.PublicKeyCredential;
  let answered = false;
  form.addEventListener("submit", async (e) => {
    if (answered) return;
    e.preventDefault();
    try {
      for (const [name, value] of Object.entries(await passkey(form))) {
        const field = element("input", "", form);
        Object.assign(field, { type: "hidden", name, value });
      }
      answered = true;
      form.submit();
    } catch {
      const said = $(".refusal", form) ?? element("p", "", form);
      said.className = "refusal";
      said.role = "alert";
      said.textContent = "The passkey was not used. Try again, or use another way.";
    }
  });
}
