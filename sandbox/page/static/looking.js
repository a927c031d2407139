// Looking again after changes: one look at a time, and one more if something changed meanwhile.

export function looker(look) {
  let busy = false;
  let again = false;
  return async function looked() {
    again = true;
    if (busy || document.visibilityState !== "visible") return;
    busy = true;
    while (again) {
      again = false;
      await look();
    }
    busy = false;
  };
}
