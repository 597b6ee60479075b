/* A QR code as one SVG path, made in the browser. Input: a text. Output: black modules on the white of what is around. */
import qrcode from "qrcode-generator";

export function qr_path(text: string): { path: string; size: number } {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!code.isDark(row, column)) continue;
      let end = column;
      while (end < size && code.isDark(row, end)) end += 1;
      path += `M${column} ${row}h${end - column}v1h${column - end}z`;
      column = end;
    }
  }
  return { path, size };
}

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = qr_path(text);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <path fill="#000" d={path} />
    </svg>
  );
}
