#!/usr/bin/env python3
"""Check a signed month's archive without Toucha: `python3 verify_month.py FILE.zip`. Needs nothing but Python 3.8.

Format: month-archive.md beside this file. Prints what is wrong, a line each; exit code 1 if anything is.
"""

import hashlib
import json
import sys
import zipfile

GENESIS = "0" * 64


def sha(data):
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def rows_of(archive, name, faults):
    """The JSON objects of a file, a line each; what cannot be read is a fault."""
    found = []
    for number, line in enumerate(archive.read(name).decode("utf-8", "replace").splitlines(), 1):
        try:
            found.append(json.loads(line))
        except ValueError:
            faults.append(f"{name} line {number}: cannot be read")
    return found


def check_files(archive, manifest, faults):
    """Every file is there with the digest that the manifest names, and no other."""
    names = set(archive.namelist())
    for name, digest in sorted(manifest["files"].items()):
        if name not in names:
            faults.append(f"{name}: missing")
        elif sha(archive.read(name)) != digest:
            faults.append(f"{name}: is not what the manifest names")
    for name in sorted(names - set(manifest["files"]) - {"manifest.json"}):
        faults.append(f"{name}: nobody speaks of it")


def check_chain(unit, rows, first, faults):
    """Each row follows the one before it: seq, previous, and the hash of both with its own content."""
    seq, head = first - 1, rows[0]["previous"] if rows else GENESIS
    if first == 1 and head != GENESIS:
        faults.append("journal row 1: does not begin the chain")
    for row in rows:
        text = "{}\n{}\n{}\n{}\n{}".format(row["previous"], unit, row["seq"], row["entry"], row["digest"])
        if row["seq"] != seq + 1 or row["previous"] != head:
            faults.append("journal row {}: does not follow row {}".format(row["seq"], seq))
        if row["hash"] != sha(text.encode()):
            faults.append("journal row {}: its hash differs".format(row["seq"]))
        seq, head = row["seq"], row["hash"]


def check_facts(facts, rows, faults):
    """A fact's digest is that of its texts, and it stands in the journal under it."""
    chained = {(row["fact"], row["digest"]) for row in rows}
    for one in facts:
        inner = bytes.fromhex(one["personal_hash"])
        if sha(one["open"].encode() + inner) != one["digest"]:
            faults.append("fact {}: its content differs from its digest".format(one["id"]))
        if (one["id"], one["digest"]) not in chained:
            faults.append("fact {}: does not stand in the journal as it is".format(one["id"]))
    known = {one["id"] for one in facts}
    for row in rows:
        if row["fact"] and row["fact"] not in known and row["entry"] != "photo":
            faults.append("journal row {}: fact {} is missing".format(row["seq"], row["fact"]))


def line_digest(line):
    """A line's digest: its columns as JSON by name, without blanks, in UTF-8."""
    return sha(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def check_version(signature, lines, rows, manifest, faults):
    """The lines of a version are those that its signature names, digest by digest."""
    version = signature["version"]
    named = {(duty, period): digest for duty, period, digest in signature["lines"]}
    there = {}
    for line in lines:
        key = (line["duty"], line["period"])
        there[key] = line_digest(line)
        if line["unit_code"] != manifest["unit"] or line["month"] != manifest["month"]:
            faults.append(f"version {version}, {' '.join(key)}: another unit or month")
    for key in sorted(set(named) | set(there)):
        if named.get(key) != there.get(key):
            faults.append(f"version {version}, {' '.join(key)}: is not the line that was signed")
    seen = signature["heads"].get(manifest["unit"])
    hashes = {row["seq"]: row["hash"] for row in rows}
    hashes[manifest["first_row"] - 1] = rows[0]["previous"] if rows else GENESIS
    if seen and seen[0] in hashes and hashes[seen[0]] != seen[1]:
        faults.append(f"version {version}: the journal had another head when it was signed")


def signatures_in(facts, manifest):
    """{version: open part} of the signatures of this unit and month."""
    found = {}
    for one in facts:
        if one["type"] == "month-signature":
            open_part = json.loads(one["open"])
            if (open_part["unit"], open_part["month"]) == (manifest["unit"], manifest["month"]):
                found[open_part["version"]] = open_part
    return found


def check(path):
    """What is wrong with the archive, and its manifest."""
    faults = []
    with zipfile.ZipFile(path) as archive:
        bad = archive.testzip()
        if bad:
            return [f"{bad}: damaged"], {}
        manifest = json.loads(archive.read("manifest.json"))
        if manifest.get("format") != "toucha-month/1":
            return ["manifest.json: another format, {}".format(manifest.get("format"))], manifest
        check_files(archive, manifest, faults)
        rows = rows_of(archive, "journal.jsonl", faults)
        facts = rows_of(archive, "facts.jsonl", faults)
        if len(rows) != manifest["rows"]:
            faults.append(f"journal.jsonl: {len(rows)} rows of {manifest['rows']}")
        check_chain(manifest["unit"], rows, manifest["first_row"], faults)
        check_facts(facts, rows, faults)
        signed = signatures_in(facts, manifest)
        for version in range(1, manifest["versions"] + 1):
            if version not in signed:
                faults.append(f"version {version}: nobody signed it")
                continue
            lines = rows_of(archive, f"lines-{version}.jsonl", faults)
            check_version(signed[version], lines, rows, manifest, faults)
    return faults, manifest


def main():
    """Print the faults of the file that is named; exit code 1 if there are any."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        faults, manifest = check(sys.argv[1])
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        faults, manifest = [f"the archive cannot be read: {error}"], {}
    for fault in faults:
        print(fault)
    what = f"{manifest.get('name', '?')} {manifest.get('month', '?')}"
    print(f"{what}: {len(faults)} faults" if faults else f"{what}: no fault found")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
