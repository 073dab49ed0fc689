#!/usr/bin/env python3
"""Compares the message catalogues: the same keys, advice and {placeholders} in all four, and no word of promise."""
import pathlib
import re
import sys
import tomllib

FOLDER = pathlib.Path(__file__).parent
LANGUAGES = ("en", "ky", "ru", "uz")
# "no promise that the job is safe" is the one sentence that may say the word
FORBIDDEN = re.compile(r"\bsafe\b|безопасн|коопсуз|xavfsiz|traffickers?\b|преступник|кылмышкер|jinoyatchi", re.I)
ALLOWED = {("en", "band.none")}


def texts(language: str) -> dict[str, str]:
    """Every text of a catalogue by key; advice keys hold its category and kind too."""
    with open(FOLDER / f"{language}.toml", "rb") as file:
        catalogue = tomllib.load(file)
    found = {}
    for section, content in catalogue.items():
        if section == "advice":
            for place, entry in enumerate(content):
                found[f"advice.{place}.{entry['id']}.{entry['category']}.{entry['kind']}"] = entry["text"]
        else:
            for key, text in content.items():
                found[f"{section}.{key}"] = text
    return found


def main() -> int:
    catalogues = {language: texts(language) for language in LANGUAGES}
    first = catalogues["en"]
    wrong = []
    for language, found in catalogues.items():
        for key in sorted(first.keys() ^ found.keys()):
            wrong.append(f"{language}.toml: {'missing' if key in first else 'not in en.toml'}: {key}")
        for key, text in found.items():
            names = sorted(re.findall(r"\{(\w+)\}", text))
            if key in first and names != sorted(re.findall(r"\{(\w+)\}", first[key])):
                wrong.append(f"{language}.toml: {key}: other placeholders than en.toml: {names}")
            if not text.strip():
                wrong.append(f"{language}.toml: {key} is empty")
            if FORBIDDEN.search(text) and (language, key) not in ALLOWED:
                wrong.append(f"{language}.toml: {key}: a word that we never use: {text}")
            if "775" in text and "18 17" in text:
                wrong.append(f"{language}.toml: {key}: a press number as a help line")
    for key, text in first.items():
        if "recruitment-scam" in key:
            for language in LANGUAGES:
                if re.search(r"traffick|торговл|адам сат|odam savdo", catalogues[language].get(key, ""), re.I):
                    wrong.append(f"{language}.toml: {key}: a scam text that speaks of trafficking")
    print("\n".join(wrong) or f"{len(first)} texts in each of {len(LANGUAGES)} catalogues agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
