/* esbuild takes `import "./x.css"` into the page's style sheet. */
declare module "*.css";
