// What /verify gains from script: a file may be dropped on the form. Without it, the form's own file field does the same.

const form = document.getElementById("verify-form");
const field = document.getElementById("file");
const hint = document.getElementById("drop-hint");

if (form && field && hint) {
  const card = form.closest(".card");
  hint.hidden = false;
  const over = (event, is) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    card.classList.toggle("dropping", is);
  };
  card.addEventListener("dragover", (event) => over(event, true));
  card.addEventListener("dragleave", (event) => over(event, false));
  card.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
