// Hands a file to the player, as the browser saves files.

/** The address of the file is let go after so long: by then the browser has taken it. */
const RELEASE_AFTER_MS = 60_000;

export function saved(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), RELEASE_AFTER_MS);
}
