"use strict";
// The code of a one-time link stands behind the #, which no server is sent: put it into its field, and out of the address.
const code = window.location.hash.slice(1);
if (code) {
  document.getElementById("link").value = code;
  document.getElementById("new").focus();
  window.history.replaceState(null, "", window.location.pathname);
}
