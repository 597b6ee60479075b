/* Where phones reach this server. Input: the page's own address and what the server told at /address. Output: the origin
 * for the QR code and the text beside it. A screen opened on the server's own machine has an address that no phone can
 * open. Pure; the asking itself is main.tsx's. */

export function is_loopback(hostname: string): boolean {
  return /^(.*\.)?localhost\.?$|^127\.\d+\.\d+\.\d+$|^\[?::1\]?$|^0\.0\.0\.0$/i.test(hostname);
}

/* What was told counts only where it is an address that leads away from this machine. */
export function phone_origin(own: string, told: string): string {
  let url: URL;
  try {
    url = new URL(told.trim());
  } catch (_error) {
    return own;
  }
  return /^https?:$/.test(url.protocol) && !is_loopback(url.hostname) ? url.origin : own;
}

/* As it is typed: without the scheme. */
export function host_of(origin: string): string {
  return origin.replace(/^https?:\/\//, "");
}
