"""Checks the written data set as a reader would meet it; exits with 1 and a list of faults if anything is off.

    python check.py [DATASET_FOLDER] [--like FOLDER]

`--like` names a folder with Parquet files of the benchmark, whose schema the data set must then equal, as Arrow types
and as Parquet columns.
"""

import argparse
import collections
import csv
import io
import json
import pathlib
import sys

import pyarrow.parquet as pq
from PIL import Image

from cues import cue_fault

SPLITS = ("type_a", "type_b")
MODALITIES = ("multimodal", "unimodal")
ROWS = 20
MAX_BYTES = 3_000_000
TURNS = {
    "type_a": {"r1": "neutral", "r2": "neutral", "unsafe_r3": "hostile", "safe_r3": "benign"},
    "type_b": {"unsafe_r1": "hostile", "safe_r1": "benign", "r2": "neutral", "r3": "neutral"},
}


class Faults:
    def __init__(self):
        self.found = []

    def unless(self, holds, place, problem):
        if not holds:
            self.found.append(f"{place}: {problem}")

    def cue(self, text, wanted, place):
        if fault := cue_fault(text, wanted):
            self.found.append(f"{place}: {fault}: {text}")


def check_dialogue(faults, dialogue, split, place):
    for turn, text in dialogue.items():
        if turn in TURNS[split]:
            faults.unless(text.strip(), f"{place}.{turn}", "is empty")
            faults.cue(text, TURNS[split][turn], f"{place}.{turn}")
        else:
            faults.unless(text == "", f"{place}.{turn}", "must be empty in this split")


def check_choices(faults, questions, place):
    kinds = [q["question_type"] for q in questions]
    faults.unless(kinds == ["unsafe_intent", "safe_intent"] * 2, place, f"question types are {kinds}")
    stems = [q["question"] for q in questions]
    faults.unless(stems[0] == stems[1] != stems[2] == stems[3], place, "needs two stems, each asked for both intents")
    faults.unless(len({frozenset(q["options"]) for q in questions}) == 1, place, "options differ between questions")
    faults.unless(len({q["ground_truth"] for q in questions}) == 4, place, "a letter is correct twice")
    answers = collections.defaultdict(set)
    for number, q in enumerate(questions):
        here = f"{place}[{number}]"
        faults.unless(len(q["options"]) == 4 == len(set(q["options"])), here, "needs four different options")
        faults.unless(q["ground_truth"] in tuple("ABCD"), here, f"ground truth {q['ground_truth']!r} is no letter A to D")
        faults.cue(q["question"], "neutral", here)
        correct = q["options"]["ABCD".index(q["ground_truth"])]
        answers[q["question_type"]].add(correct)
        faults.cue(correct, "hostile" if q["question_type"] == "unsafe_intent" else "benign", here)
        for cue in ("hostile", "benign"):
            carrying = [option for option in q["options"] if cue_fault(option, cue) is None]
            faults.unless(len(carrying) == 1, here, f"{len(carrying)} options carry {cue} cues, not 1")
    faults.unless(all(len(texts) == 1 for texts in answers.values()), place, "the right answer changes between stems")


def check_statements(faults, statements, place):
    faults.unless(sorted(s["ground_truth"] for s in statements) == [False, True], place, "needs one true, one false")
    for number, statement in enumerate(statements):
        faults.unless(statement["question"].startswith("True or False: "), f"{place}[{number}]", "prefix is missing")
        faults.cue(statement["question"], "hostile" if statement["ground_truth"] else "not hostile", f"{place}[{number}]")


def decoded(faults, image, place):
    try:
        picture = Image.open(io.BytesIO(image["bytes"]))
        picture.load()
        return picture
    except OSError as problem:
        faults.unless(False, place, f"cannot be decoded: {problem}")
        return None


def check_pictures(faults, row, place):
    decoded(faults, row["image"], f"{place}.image")
    faults.unless(len(row["variant_images"]) == 3, f"{place}.variant_images", "must be three")
    contents = {row["image"]["bytes"], *(v["bytes"] for v in row["variant_images"])}
    faults.unless(len(contents) == 4, f"{place}.variant_images", "a picture occurs twice")
    for number, variant in enumerate(row["variant_images"]):
        picture = decoded(faults, variant, f"{place}.variant_images[{number}]")
        faults.unless(picture is None or picture.size == (1024, 1024), f"{place}.variant_images[{number}]",
                      "is not 1024 x 1024")


def check_letters(faults, rows, split):
    for modality in MODALITIES:
        for number in range(4):
            letters = collections.Counter(row[f"{modality}_mcq"][number]["ground_truth"] for row in rows)
            faults.unless(set(letters.values()) == {ROWS // 4}, f"{split}.{modality}_mcq[{number}]",
                          f"correct letters are uneven: {dict(letters)}")
        first = sum(row[f"{modality}_tf"][0]["ground_truth"] for row in rows)
        faults.unless(first == ROWS // 2, f"{split}.{modality}_tf", f"the true statement comes first in {first} rows")


def check_texts_differ(faults, tables):
    """No user turn occurs twice, except where r1 to r3 are shared by twins of one row (they are one field)."""
    seen = {}
    for split, rows in tables.items():
        for row in rows:
            for modality in MODALITIES:
                for turn, text in row[f"{modality}_dialogue"].items():
                    place = f"{split} {row['id']} {modality}.{turn}"
                    faults.unless(not text or text not in seen, place, f"repeats {seen.get(text)}")
                    seen[text] = place


def columns(file):
    """Path, types and nesting of each leaf; a signed 32-bit annotation says no more than INT32 without one."""
    schema = pq.ParquetFile(file).schema
    return [(c.path, c.physical_type, str(c.logical_type).replace("Int(bitWidth=32, isSigned=true)", "None"),
             c.max_definition_level, c.max_repetition_level)
            for c in map(schema.column, range(len(schema.names)))]


def check_schema(faults, folder, like):
    for split in SPLITS:
        name = f"{split}-00000-of-00001.parquet"
        ours, theirs = folder / name, like / name
        faults.unless(pq.read_schema(ours).equals(pq.read_schema(theirs)), name, "Arrow schema differs")
        faults.unless(columns(ours) == columns(theirs), name, "Parquet columns differ")


def check(folder, like):
    faults = Faults()
    tables = {s: pq.read_table(folder / f"{s}-00000-of-00001.parquet").to_pylist() for s in SPLITS}
    for split, rows in tables.items():
        ids = [row["id"] for row in rows]
        faults.unless(ids == list(range(ROWS)), split, f"ids are {ids}")
        for row in rows:
            place = f"{split} {row['id']}"
            faults.unless(row["unsafe_intent"].strip(), f"{place}.unsafe_intent", "is empty")
            check_pictures(faults, row, place)
            for modality in MODALITIES:
                check_dialogue(faults, row[f"{modality}_dialogue"], split, f"{place}.{modality}_dialogue")
                check_choices(faults, row[f"{modality}_mcq"], f"{place}.{modality}_mcq")
                check_statements(faults, row[f"{modality}_tf"], f"{place}.{modality}_tf")
        check_letters(faults, rows, split)
    check_texts_differ(faults, tables)
    for a, b in zip(*tables.values()):
        faults.unless(a["image"] == b["image"] and a["variant_images"] == b["variant_images"], f"id {a['id']}",
                      "pictures differ between the splits")

    captions = json.loads((folder / "captions.json").read_text(encoding="utf-8"))
    faults.unless(list(captions) == [str(i) for i in range(ROWS)], "captions.json", "keys are not the ids in order")
    for key, caption in captions.items():
        faults.unless(1 <= caption.count(".") <= 2 and len(caption) > 40, f"captions.json {key}", "not 1 or 2 sentences")
        faults.cue(caption, "neutral", f"captions.json {key}")
    with open(folder / "categories.csv", newline="", encoding="utf-8") as file:
        categories = list(csv.DictReader(file))
    keys = [(int(line["id"]), line["split"]) for line in categories]
    faults.unless(keys == [(i, s) for s in SPLITS for i in range(ROWS)], "categories.csv", "not one line per row")
    sizes = collections.Counter((line["category"], line["split"]) for line in categories)
    faults.unless(len(sizes) == 20 and set(sizes.values()) == {2}, "categories.csv", f"uneven: {dict(sizes)}")

    total = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    faults.unless(total < MAX_BYTES, str(folder), f"{total} bytes are too many")
    if like:
        check_schema(faults, folder, like)
    return faults.found, total


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Checks the written data set.")
    arguments.add_argument("folder", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    arguments.add_argument("--like", type=pathlib.Path, help="folder with Parquet files whose schema to compare")
    given = arguments.parse_args()
    problems, size = check(given.folder, given.like)
    print("\n".join(problems) or f"{given.folder.name}: {2 * ROWS} rows, {size} bytes, no faults")
    sys.exit(1 if problems else 0)
