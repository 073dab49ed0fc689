// Reads rules/sites/*.toml while the extension is built, and says what is wrong with them.
import { readFileSync, readdirSync } from "node:fs";
import { parse } from "smol-toml";

export interface Site {
  id: string;
  name: string;
  /** Match patterns, as in the manifest. */
  hosts: string[];
  /** CSS selector of one advert; empty: the generic finder looks for them. */
  advert: string;
  /** CSS selector of the title inside an advert. */
  title: string;
}

const FOLDER = new URL("../rules/sites/", import.meta.url);

export function sites(): Site[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".toml")).sort();
  return names.map((name) => read(name, readFileSync(new URL(name, FOLDER), "utf8")));
}

export function read(file: string, text: string): Site {
  const fail = (what: string): never => {
    throw new Error(`rules/sites/${file}: ${what}`);
  };
  const known = new Set(["id", "name", "hosts", "advert", "title", "source", "source_date", "note"]);
  const site = parse(text) as Record<string, unknown>;
  for (const key of Object.keys(site)) {
    if (!known.has(key)) fail(`"${key}" is not known; known are ${[...known].join(", ")}`);
  }
  const word = (key: string): string => {
    const value = site[key] ?? "";
    return typeof value === "string" ? value : fail(`"${key}" must be text in quotes`);
  };
  if (word("id") !== file.replace(/\.toml$/, "")) fail(`id must be the file's name, "${file.replace(/\.toml$/, "")}"`);
  if (!word("name")) fail('write a name, as the reader knows the site: name = "OLX"');
  const hosts = Array.isArray(site.hosts) ? (site.hosts as unknown[]) : fail('write hosts = ["*://*.example.kg/*"]');
  for (const host of hosts) {
    if (typeof host !== "string" || !/^\*:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+\/[^ ]*$/.test(host)) {
      fail(`"${String(host)}" is no match pattern of one site; write "*://*.example.kg/*"`);
    }
  }
  if (word("advert") && !(word("source") && /^\d{4}-\d{2}-\d{2}$/.test(word("source_date")))) {
    fail("selectors need the public source that shows the page's structure, and its date: source, source_date");
  }
  return { id: word("id"), name: word("name"), hosts: hosts as string[], advert: word("advert"), title: word("title") };
}
