"""Files for the desk's doors: a phone's queue as ZIP, lists as CSV and workbooks; whole, damaged, and bombs."""

import io
import json
import random
import zipfile

from tests.attack import odd, pictures
from tests.attack.facts import Facts
from webapp.demo.county import CITY

XLSX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
}
HEADS = (
    "邮件号码,种类,道段,投递员,收件人",
    "单位编码,名称,级别,上级",
    "编号,名称,类型,道段",
    "登录名,姓名,岗位,单位",
    "a,b",
    "",
)


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data.encode(errors="replace") if isinstance(data, str) else data)
    return file.getvalue()


def queue(facts: Facts, person: str) -> bytes:
    """A rescue file of that person."""
    chance = facts.chance
    manifest = {
        "format": 1, "person": {"id": person, "login": "lead", "name": "李斯琴"}, "device": "Android",
        "device_time": f"{facts.day}T10:00:00+08:00", "version": "0.1.0", "lost": [{"sha256": "a" * 64, "why": "gone"}],
    }  # fmt: skip
    if chance.random() < 0.3:
        manifest = odd.changed(manifest, chance)
    lines = "\n".join(json.dumps(facts.envelope()) for _ in range(chance.choice((0, 1, 5, 40))))
    photo = pictures.put(chance)
    parts = {"manifest.json": json.dumps(manifest), "facts.jsonl": lines, "drafts.json": "[]"}
    parts[f"photos/{photo.path.rpartition('/')[2]}"] = photo.body or b""
    if chance.random() < 0.2:
        parts[chance.choice(("../x", "manifest.json/", "photos/x", "a" * 300))] = "x"
    data = zipped(parts, chance.choice((zipfile.ZIP_STORED,) * 9 + (zipfile.ZIP_DEFLATED,)))
    return odd.damaged(data, chance) if chance.random() < 0.3 else data


def table(chance: random.Random) -> tuple[str, bytes]:
    """A name and a table in some form."""
    rows = [chance.choice(HEADS)]
    for number in range(chance.choice((1, 5, 300))):
        cells = [f"98801234{number:05}", "包裹", "01", "carrier", "张三", CITY, f"{number}"][
            : rows[0].count(",") + 1
        ]
        if chance.random() < 0.3:
            cells[chance.randrange(len(cells))] = str(chance.choice(odd.ALL[:-8]))
        rows.append(",".join(cells))
    match chance.randrange(5):
        case 0:
            text = "\n".join(rows).encode(errors="replace")
        case 1:
            text = "\n".join(rows).encode("gb18030", errors="replace")
        case 2:
            return "list.xlsx", workbook(rows, chance)
        case 3:
            text = chance.choice((b",", b'"', b"\n", b"\0", b"a,", b"\xff\xfe")) * chance.choice(
                (9, 2_000_000)
            )
        case _:
            text = odd.damaged("\n".join(rows).encode(errors="replace"), chance)
    return chance.choice(("list.csv", "list.xlsx", "x" * 300, "../a.csv")), text


def workbook(rows: list[str], chance: random.Random) -> bytes:
    """A small workbook, with cells that claim much, and bombs among its parts."""
    cells = "".join(
        f'<row r="{odd_place(chance, line)}">'
        + "".join(f'<c t="str"><v>{escaped(cell)}</v></c>' for cell in row.split(","))
        + "</row>"
        for line, row in enumerate(rows, 1)
    )
    more = chance.choice((
        "", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', '<mergeCells><mergeCell ref="A1:C9"/></mergeCells>',
        '<cols><col min="1" max="999999999" hidden="1"/></cols>', "<row/>" * 300_000, '<!DOCTYPE a [<!ENTITY b "c">]>',
    ))  # fmt: skip
    parts = {**XLSX_PARTS, "xl/s.xml": f"<worksheet><sheetData>{cells}</sheetData>{more}</worksheet>"}
    if chance.random() < 0.1:
        parts["xl/s.xml"] = "<worksheet>" + "<a>" * 400_000
    if chance.random() < 0.1:
        parts["xl/bomb"] = "\0" * 60_000_000
    data = zipped(parts, zipfile.ZIP_DEFLATED)
    return odd.damaged(data, chance) if chance.random() < 0.3 else data


def odd_place(chance: random.Random, line: int) -> object:
    """The number of a row, now and then one that cannot be."""
    return line if chance.random() < 0.98 else chance.choice((0, -1, 1_048_577, 10**30, "x", ""))


def escaped(text: str) -> str:
    """Text of a cell, mostly well-formed."""
    return "".join(one for one in text if one >= " ").replace("&", "&amp;").replace("<", "&lt;")
