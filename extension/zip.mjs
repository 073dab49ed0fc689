// A zip whose bytes depend on nothing but its files: sorted names, one fixed date, no owner, no machine.
// node zip.mjs OUT.zip FOLDER            everything in a folder
// node zip.mjs OUT.zip ROOT NAME...      these files and folders of ROOT, without what is built or fetched
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

const PASSED_OVER = new Set(["node_modules", "target", ".output", ".wxt", ".git", "screener_bg.wasm"]);
// 1 January 2024, midnight, in the format of DOS
const DATE = ((2024 - 1980) << 9) | (1 << 5) | 1;

// node:zlib has a crc32 only since Node 20.15
const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function walk(root, name) {
  if (name && PASSED_OVER.has(name.split("/").at(-1))) return [];
  if (!statSync(join(root, name)).isDirectory()) return [name];
  return readdirSync(join(root, name)).flatMap((child) => walk(root, name ? `${name}/${child}` : child));
}

const [out, root, ...chosen] = process.argv.slice(2);
if (chosen.length === 0) PASSED_OVER.clear();
const names = (chosen.length > 0 ? chosen : [""]).flatMap((name) => walk(root, name)).sort();
const parts = [];
const central = [];
let offset = 0;
for (const name of names) {
  const bytes = readFileSync(join(root, name));
  const packed = deflateRawSync(bytes, { level: 9 });
  const title = Buffer.from(name);
  const head = Buffer.alloc(26);
  // version 2.0, names in UTF-8, deflated
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(0x0800, 2);
  head.writeUInt16LE(8, 4);
  head.writeUInt16LE(0, 6);
  head.writeUInt16LE(DATE, 8);
  head.writeUInt32LE(crc32(bytes), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(bytes.length, 18);
  head.writeUInt16LE(title.length, 22);
  parts.push(Buffer.from("PK\x03\x04", "latin1"), head, title, packed);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(offset, 10);
  central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), head, tail, title);
  offset += 30 + title.length + packed.length;
}
const size = central.reduce((sum, part) => sum + part.length, 0);
const end = Buffer.alloc(18);
end.writeUInt16LE(names.length, 4);
end.writeUInt16LE(names.length, 6);
end.writeUInt32LE(size, 8);
end.writeUInt32LE(offset, 12);
writeFileSync(out, Buffer.concat([...parts, ...central, Buffer.from("PK\x05\x06", "latin1"), end]));
