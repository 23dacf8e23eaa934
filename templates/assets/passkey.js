// Passkeys for the panel. A form with data-passkey="get" or "create" asks the
// address in data-ask for a question, the browser for an answer, and posts it.
(function () {
  if (!window.PublicKeyCredential) return;
  function bytes(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) { return (list || []).map(function (c) { return Object.assign({}, c, { id: bytes(c.id) }); }); }
  function question(kind, key) {
    key.challenge = bytes(key.challenge);
    if (kind === "get") { key.allowCredentials = known(key.allowCredentials); return { publicKey: key }; }
    key.user.id = bytes(key.user.id);
    key.excludeCredentials = known(key.excludeCredentials);
    return { publicKey: key };
  }
  function answer(c) {
    var r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      out.attestationObject = text(r.attestationObject);
      out.transports = r.getTransports ? r.getTransports() : [];
    } else {
      out.authenticatorData = text(r.authenticatorData);
      out.signature = text(r.signature);
      if (r.userHandle) out.userHandle = text(r.userHandle);
    }
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response: out, clientExtensionResults: {},
      authenticatorAttachment: c.authenticatorAttachment || undefined });
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var field = form.elements, failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      fetch(form.dataset.ask, { method: "POST", headers: { "X-Csrf-Token": field.csrf.value } }).then(function (res) {
        if (res.redirected) { location.assign(res.url); return new Promise(function () {}); }
        if (!res.ok) throw new Error(res.status);
        return res.json();
      }).then(function (q) {
        field.ceremony.value = q.ceremony;
        return navigator.credentials[form.dataset.passkey](question(form.dataset.passkey, q.options.publicKey));
      }).then(function (c) {
        field.credential.value = answer(c);
        form.submit();
      }).catch(function () { failed.hidden = false; });
    });
  });
})();
