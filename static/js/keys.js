// Lists of keys: a dialog for each grid, opened by its button or by `?` inside the grid.

export function openKeys(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function showButtons() {
  for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
}

showButtons();
document.addEventListener("ipam:shown", showButtons);
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-opens]");
  if (button) openKeys(button.dataset.opens);
});
