// What pages do besides htmx; without it every form still works with its button.
(() => {
  "use strict";
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);
  const prefix = "tifa:draft:";
  const wait = 1200;

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(prefix + key)); } catch { return null; } },
    set(key, draft) { try { localStorage.setItem(prefix + key, JSON.stringify(draft)); } catch { /* full or forbidden */ } },
    drop(key) { try { localStorage.removeItem(prefix + key); } catch { /* forbidden */ } },
  };

  const pairs = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const typed = (form) => pairs(form).filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version");

  function restore(form, draft) {
    const left = [...draft];
    const take = (name) => {
      const at = left.findIndex(([other]) => other === name);
      return at < 0 ? null : left.splice(at, 1)[0][1];
    };
    const has = (name, value) => draft.some(([other, own]) => other === name && own === value);
    for (const field of form.elements) {
      if (!field.name || /^(hidden|file|password|submit|button)$/.test(field.type)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = has(field.name, field.value);
      else if (field.type === "select-multiple") for (const option of field.options) option.selected = has(field.name, option.value);
      else field.value = take(field.name) ?? field.value;
    }
  }

  function autosave(form) {
    const { autosave: address, autosaveKey: key, saving, saved, failed, waiting } = form.dataset;
    const status = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
    let timer, edits = 0, busy = false, pause = wait, stopped = false, pressed = null;

    const say = (text, bad) => {
      if (!status) return;
      status.textContent = text;
      status.classList.toggle("failed", Boolean(bad));
    };
    const greet = (text) => {
      const here = document.querySelector("[data-here]");
      if (here) [here.textContent, here.hidden] = [text || "", !text];
    };
    const later = (time) => { clearTimeout(timer); timer = setTimeout(send, time); };
    const keep = () => { if (key) store.set(key, { version: Number(form.dataset.version) || 0, fields: typed(form) }); };
    const retry = () => {
      say(failed, true);
      pause = Math.min(pause * 2, 60000);
      later(pause);
    };

    async function send() {
      clearTimeout(timer);
      if (busy || stopped) return;
      busy = true;
      const sent = edits;
      const body = new URLSearchParams(pairs(form));
      body.set("version", form.dataset.version || "0");
      say(saving);
      try {
        const answer = await fetch(address, {
          method: "POST", body, redirect: "manual",
          headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") || "", Accept: "application/json" },
        });
        busy = false;
        if (answer.status === 409) {
          stopped = true;
          say((await answer.json()).message, true);
        } else if (answer.status === 401 || answer.status === 403) {
          say((await answer.json()).message, true);
        } else if (answer.ok) {
          const told = await answer.json();
          greet(told.here);
          accept(told.version, sent);
        } else retry();
      } catch {
        busy = false;
        retry();
      }
    }

    function accept(version, sent) {
      form.dataset.version = version;
      if (form.elements.version) form.elements.version.value = version;
      pause = wait;
      if (sent !== edits) { keep(); later(wait); return; }
      edits = 0;
      if (key) store.drop(key);
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      say(saved.replace("{time}", time));
    }

    const edited = () => { edits += 1; keep(); if (!stopped && !busy) later(wait); };
    form.addEventListener("input", edited);
    form.addEventListener("change", edited);
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!navigator.onLine) {
        event.preventDefault();
        pressed = event.submitter;
        edits += 1;
        keep();
        say(waiting, true);
        return;
      }
      stopped = true;
      if (key) sessionStorage.setItem(prefix, key);
    });
    addEventListener("online", () => {
      if (pressed) form.requestSubmit(pressed);
      else if (edits) send();
    });
    addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
    document.addEventListener("visibilitychange", () => { if (edits && document.hidden) send(); });

    const draft = key && store.get(key);
    if (draft && draft.version >= (Number(form.dataset.version) || 0)) {
      restore(form, draft.fields);
      edits = 1;
      later(wait);
    }
  }

  // A form that was sent by its button and did not come back was accepted: its copy is no longer needed.
  // Error pages, the sign-in page and the page “Send it again” do not count, since then nothing was accepted.
  function forgetAccepted() {
    const key = sessionStorage.getItem(prefix);
    if (!key) return;
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus || 200;
    if (status >= 400 || document.querySelector("[type=password], [data-kept]")) return;
    sessionStorage.removeItem(prefix);
    if (![...document.forms].some((form) => form.dataset.autosaveKey === key)) store.drop(key);
  }

  // Enter in the field of a number goes to the next one, as in a table; the sheet is handed in with its button.
  function nextNumber(event) {
    const field = event.target;
    if (event.key !== "Enter" || !field.matches?.(".reading [inputmode=decimal]")) return;
    event.preventDefault();
    const fields = [...field.form.querySelectorAll("[inputmode=decimal]")];
    (fields[fields.indexOf(field) + 1] || field.form.querySelector("button[name=action]")).focus();
  }

  // data-shows-when="field=value|value": shown only while the field has one of the values.
  function showWhen(element) {
    const [name, values] = element.dataset.showsWhen.split("=");
    const chosen = new FormData(element.closest("form")).getAll(name);
    element.hidden = !values.split("|").some((value) => chosen.includes(value));
  }

  // A file that the server would refuse is not sent at all.
  function refuseLarge(input) {
    input.parentElement.querySelector("[data-refused]")?.remove();
    if (![...input.files].some((file) => file.size > Number(input.dataset.limit))) return;
    input.value = "";
    const note = document.createElement("p");
    note.className = "error";
    note.role = "alert";
    note.dataset.refused = "";
    note.textContent = input.dataset.tooLarge;
    input.before(note);
  }

  // A large file goes in pieces before its form does: a network that breaks off loses one piece, and the same file
  // chosen again goes on where it stopped. The form then only names the file that lies there.
  const WHOLE = 192 * 1024, LARGEST = 1024 * 1024;
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  async function post(address, form, values) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new TypeError("away");
    return [answer.status, await answer.json().catch(() => ({}))];
  }
  async function sendPieces(input, say) {
    const file = input.files[0], { pieces: address, waiting, failed } = input.dataset;
    let at = null, id = null, size = 64 * 1024, misses = 0;
    for (;;) {
      try {
        const begun = Date.now();
        const [status, told] = id === null
          ? await post(address, input.form, { name: file.name, size: file.size })
          : await post(`${address}${id}/`, input.form, { offset: at, piece: file.slice(at, at + size) });
        misses = 0;
        if (told.file) return told.file;
        if (status === 404 && id !== null) { id = null; continue; }
        if (status !== 200 && status !== 409) throw new Error(told.message || failed);
        if (Date.now() - begun < 2000) size = Math.min(size * 2, LARGEST);
        [id, at] = [told.id ?? id, told.received];
        say(at / file.size);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        say(at === null ? 0 : at / file.size, waiting);
        size = 64 * 1024;
        await pause(Math.min(2 ** misses++, 20));
      }
    }
  }
  async function sendWithFiles(form, button, inputs) {
    const place = Object.assign(document.createElement("div"), { className: "progress" });
    place.innerHTML = '<p role="status"></p><progress max="1" value="0"></progress>';
    place.dataset.refused = "";
    inputs[0].parentElement.querySelector("[data-refused]")?.remove();
    const [text, bar] = place.children;
    inputs[0].after(place);
    bar.setAttribute("aria-label", inputs[0].dataset.sending);
    each(form, "button", (one) => { one.disabled = true; });
    try {
      for (const input of inputs) {
        const key = await sendPieces(input, (part, words) => {
          bar.value = part;
          text.textContent = words || `${input.dataset.sending}: ${Math.round(part * 100)} %`;
        });
        form.elements[input.name.replace("_upload", "_file")].value = key;
        input.value = "";
      }
    } catch (error) {
      place.className = "error";
      text.setAttribute("role", "alert");
      text.textContent = error.message;
      bar.remove();
      return;
    } finally {
      each(form, "button", (one) => { one.disabled = false; });
    }
    place.remove();
    form.requestSubmit(button);
  }
  function holdForPieces(event) {
    const inputs = [...event.target.querySelectorAll("[data-pieces]")].filter((one) => one.files[0]?.size > WHOLE);
    if (!inputs.length) return;
    event.preventDefault();
    event.stopPropagation();
    sendWithFiles(event.target, event.submitter, inputs);
  }

  // Checkboxes with data-pick in one table: shift-click ticks all between, and a box in the head ticks all.
  let lastPick = null;
  function pickRange(box, event) {
    const boxes = [...box.closest("table").querySelectorAll("[data-pick]")];
    if (event.shiftKey && boxes.includes(lastPick)) {
      const [from, to] = [boxes.indexOf(lastPick), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    lastPick = box;
  }
  function pickAll(table) {
    const boxes = [...table.querySelectorAll("[data-pick]")];
    if (boxes.length < 2 || table.dataset.started) return;
    table.dataset.started = "1";
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", table.dataset.picks);
    all.title = table.dataset.picks;
    all.addEventListener("change", () => { for (const one of boxes) one.checked = all.checked; });
    table.before(Object.assign(document.createElement("label"), { className: "choice plain" }));
    table.previousElementSibling.append(all, table.dataset.picks);
  }

  function start(root) {
    each(root, "form[data-autosave]", (form) => {
      if (form.dataset.started) return;
      form.dataset.started = "1";
      autosave(form);
    });
    each(root, "[data-shows-when]", showWhen);
    each(root, "[data-picks]", pickAll);
  }

  try { forgetAccepted(); } catch { /* storage forbidden */ }
  start(document);
  if (matchMedia("(min-width: 64em)").matches) each(document, "details.filters", (panel) => { panel.open = true; });
  each(document, ".main-nav [aria-current], .room-nav [aria-current]", (link) => {
    const list = link.closest("ul");
    list.scrollLeft = link.offsetLeft - list.offsetLeft - 16;
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.limit) refuseLarge(event.target);
    if (event.target.form) each(event.target.form, "[data-shows-when]", showWhen);
  });
  document.addEventListener("submit", holdForPieces, true);
  document.addEventListener("keydown", nextNumber);
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (box) pickRange(box, event);
  });
  document.addEventListener("htmx:after:swap", () => start(document));
})();
