"""Compares the messages that the ledger writes with the files of VERA (`STANDARDS/vera`).

Each message must match its schema, with `oneOf` read as `anyOf`: many of VERA's alternatives overlap, so
that no message could match exactly one. No field may be unknown. Each code must be in the list that the
description of its field names, and be valid today. The controls must fail.

Usage: vera.py STANDARDS MESSAGES CODES
"""

import csv
import json
import re
import sys
from datetime import date
from pathlib import Path

import yaml
from openapi_schema_validator import OAS30Validator
from pydantic import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4
from woningwaardering.vera.bvg.generated import EenhedenEenheid

standards, messages, own_codes = Path(sys.argv[1]) / "vera", Path(sys.argv[2]), Path(sys.argv[3])
LIST = re.compile(r"Referentiedata: ([A-Z]+)")


class Uris(dict):
    """Reads a file of the standard once."""

    def __missing__(self, name):
        [path] = (standards / "openapi-4.3.0").glob(f"*/{name}.yaml")
        self[name] = any_of(yaml.safe_load(path.read_text(encoding="utf-8")))
        return self[name]


def any_of(value):
    if isinstance(value, list):
        return [any_of(item) for item in value]
    if isinstance(value, dict):
        return {"anyOf" if name == "oneOf" else name: any_of(item) for name, item in value.items()}
    return value


FILES = Uris()


def fields_of(document, schema):
    """The fields of a schema, of what it refers to and of all its parts."""
    if "$ref" in schema:
        return fields_of(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    fields = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []) + schema.get("anyOf", []):
        fields.update(fields_of(document, part))
    return fields


def day(text):
    text = {"14-02-205": "14-02-2025"}.get(text, text).rstrip(".")
    if not text:
        return None
    d, m, y = (int(part) for part in text.split("-"))
    return date(y if y > 99 else 2000 + y, m, d)


def read_codes():
    codes = {}
    with open(standards / "referentiedata" / "Referentiedata.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            codes.setdefault((row["Soort"], row["Code"]), []).append(
                (day(row["Begindatum"]), day(row["Einddatum"]), row["Parent"].strip(), row["Naam"].strip())
            )
    return codes


CODES = read_codes()


def is_valid(kind, code, on):
    rows = CODES.get((kind, code), [])
    return any((begin is None or begin <= on) and (end is None or on < end) for begin, end, _, _ in rows)


def faults(line):
    document = FILES[line["file"]]
    schema = document["components"]["schemas"][line["schema"]]
    registry = Registry().with_resource("urn:vera", Resource(contents=document, specification=DRAFT4))
    reference = {"$ref": f"urn:vera#/components/schemas/{line['schema']}"}
    validator = OAS30Validator(reference, registry=registry, format_checker=OAS30Validator.FORMAT_CHECKER)
    found = [error.message for error in validator.iter_errors(line["message"])]
    fields = fields_of(document, schema)
    for name, value in line["message"].items():
        field = fields.get(name)
        if field is None:
            found.append(f"{name}: no such field")
            continue
        listed = LIST.search(field.get("description", ""))
        for code in value if isinstance(value, list) else [value]:
            if listed and not is_valid(listed[1], code["code"], date.today()):
                found.append(f"{name}: {code['code']} is not in {listed[1]}")
    return found


def must_fail(line, change, what):
    line = json.loads(json.dumps(line))
    change(line["message"])
    assert faults(line), f"a control passed: {what}"


def read_by_others(line):
    """What a program that nobody here wrote reads of a dwelling: `woningwaardering`, which counts its points."""
    unit = EenhedenEenheid.model_validate(line["message"])
    message = line["message"]
    assert unit.id == message["id"] and unit.rekenhuur == message["rekenhuur"], unit
    assert unit.soort.code == message["soort"]["code"] and unit.adres is not None, unit


def main():
    counts, controls = {}, {}
    for text in messages.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        found = faults(line)
        assert not found, f"{line}: {found}"
        if line["schema"] == "Eenheden-Eenheid":
            read_by_others(line)
        counts[line["schema"]] = counts.get(line["schema"], 0) + 1
        controls.setdefault(line["schema"], line)
    assert sum(counts.values()) >= 3000, counts
    must_fail(controls["Aanbieding"], lambda message: message.update(datum="01-06-2026"), "a date")
    must_fail(controls["Aanbieding"], lambda message: message["status"].update(code="GEP"), "another list")
    must_fail(controls["Publicatie"], lambda message: message.update(eenheden="x"), "no list")
    must_fail(controls["Kandidaat"], lambda message: message.update(rang=1), "an unknown field")
    must_fail(controls["Toewijzing"], lambda message: message.update(rekenhuur="650"), "a text")
    must_fail(controls["Eenheden-Eenheid"], lambda message: message.update(etage="eerste"), "no floor")
    must_fail(controls["Relatierol"], lambda message: message["soort"].update(code="HOO"), "an ended role")
    must_fail(controls["NatuurlijkPersoon"], lambda message: message.update(naam="x"), "no field of a person")
    try:
        wrong = {**controls["Eenheden-Eenheid"]["message"], "rekenhuur": "veel"}
        EenhedenEenheid.model_validate(wrong)
        raise AssertionError("woningwaardering read a rent in words")
    except (ValidationError, UserWarning):  # it raises its warnings
        pass
    print("VERA messages:", counts)
    compared = 0
    with open(own_codes, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            begin, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("from", "until"))
            theirs = CODES.get((row["list"], row["code"]), [])
            assert (begin, end, row["parent"], row["name"]) in theirs, f"{row} is not what the standard says"
            compared += 1
    print("VERA codes:", compared)


main()
