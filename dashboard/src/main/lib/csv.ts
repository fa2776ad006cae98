type Cell = string | number | boolean | null | undefined;

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Saves these columns of records as a file for spreadsheets, with a byte order mark, without which some show Korean wrongly. */
export function saveCsv<K extends string>(
  name: string,
  columns: readonly K[],
  records: readonly { readonly [column in K]?: Cell }[],
): void {
  const rows = records.map((record) => columns.map((column) => record[column]));
  const lines = [columns, ...rows].map((row) => row.map(cell).join(','));
  const address = URL.createObjectURL(new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
