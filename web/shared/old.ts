/* What the libraries expect and browsers of 2016 (Chrome 52) lack. Imported first by each page. */

if (typeof window.queueMicrotask !== "function") {
  window.queueMicrotask = (task: () => void) => {
    Promise.resolve().then(task);
  };
}
