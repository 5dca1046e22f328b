/**
 * Files that a page hands to the reader.
 *
 * @module
 */

/**
 * Saves a file where the browser keeps what is downloaded.
 *
 * @param {string} name
 * @param {string} type
 * @param {BlobPart} content
 */
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then; what is not let go stays in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
