"""Writes the data set: texts from scenarios/*.yaml, pictures from scenes.py, in the benchmark's Parquet layout.

There is no randomness: the same sources and library versions give the same bytes. A text that breaks the cue
convention of cues.py stops the generator with the scenario, id, split, modality and field.
"""

import csv
import itertools
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from cues import cue_fault
from pictures import base_picture, variant_pictures

SOURCE = pathlib.Path(__file__).resolve().parent
SPLITS = ("type_a", "type_b")
MODALITIES = ("multimodal", "unimodal")
TURNS = ("r1", "unsafe_r1", "safe_r1", "r2", "r3", "unsafe_r3", "safe_r3")
FILLED_TURNS = {
    "type_a": {"r1": "neutral", "r2": "neutral", "unsafe_r3": "hostile", "safe_r3": "benign"},
    "type_b": {"unsafe_r1": "hostile", "safe_r1": "benign", "r2": "neutral", "r3": "neutral"},
}
OTHER_TEXTS = {"harmful": "hostile", "benign": "benign", "holds": "hostile", "fails": "not hostile"}
ROWS_PER_GROUP = 10

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
DIALOGUE = pa.struct([(turn, pa.string()) for turn in TURNS])


def _list_of(item):
    return pa.list_(pa.field("element", item))


MCQ = _list_of(pa.struct([("question", pa.string()), ("question_type", pa.string()),
                          ("options", _list_of(pa.string())), ("ground_truth", pa.string())]))
TF = _list_of(pa.struct([("question", pa.string()), ("ground_truth", pa.bool_())]))
COLUMNS = [("id", pa.int32()), ("image", IMAGE), ("variant_images", _list_of(IMAGE)), ("unsafe_intent", pa.string())]
for _modality in MODALITIES:
    COLUMNS += [(f"{_modality}_dialogue", DIALOGUE), (f"{_modality}_mcq", MCQ), (f"{_modality}_tf", TF)]


def hub_features(kind):
    """A column's type in the notation of the hub's `datasets` library, which shows pictures where it finds an Image."""
    if kind == IMAGE:
        return {"_type": "Image"}
    if pa.types.is_struct(kind):
        return {field.name: hub_features(field.type) for field in kind}
    if pa.types.is_list(kind):
        return {"feature": hub_features(kind.value_type), "_type": "List"}
    return {"dtype": str(kind), "_type": "Value"}


SCHEMA = pa.schema(COLUMNS, metadata={
    "huggingface": json.dumps({"info": {"features": {name: hub_features(kind) for name, kind in COLUMNS}}})})


def multiple_choice(texts, stems, row_id, shift):
    """Four questions on the same four options: two stems, each for the unsafe and for the safe dialogue.

    The four correct letters of a row are all different, and over each four rows every question has had every letter.
    """
    turn = row_id + shift * 7
    letters = list(itertools.permutations(range(4)))[(row_id // 4 * 5 + shift) % 24]
    stem_numbers = (turn % len(stems), (turn * 3 + 4) % len(stems))
    if stem_numbers[0] == stem_numbers[1]:
        stem_numbers = (stem_numbers[0], (stem_numbers[0] + 1) % len(stems))
    questions = []
    for number, (stem, intent) in enumerate(itertools.product(stem_numbers, ("unsafe_intent", "safe_intent"))):
        correct, other = ("harmful", "benign") if intent == "unsafe_intent" else ("benign", "harmful")
        rest = [texts[other], *texts["others"]]
        order = list(itertools.permutations(range(3)))[(turn + number * 2) % 6]
        options = [rest[i] for i in order]
        position = (letters[number] + turn) % 4
        options.insert(position, texts[correct])
        questions.append({"question": stems[stem], "question_type": intent, "options": options,
                          "ground_truth": "ABCD"[position]})
    return questions


def true_false(texts, true_first):
    statements = [("holds", True), ("fails", False)]
    return [{"question": f"True or False: {texts[key]}", "ground_truth": truth}
            for key, truth in (statements if true_first else reversed(statements))]


def row(entry, split, stems, picture, variants):
    texts = entry[split]
    made = {"id": entry["id"], "image": picture, "variant_images": variants, "unsafe_intent": texts["unsafe_intent"]}
    for modality in MODALITIES:
        shift = SPLITS.index(split) * 2 + MODALITIES.index(modality)
        made[f"{modality}_dialogue"] = {turn: texts[modality].get(turn, "") for turn in TURNS}
        made[f"{modality}_mcq"] = multiple_choice(texts[modality], stems, entry["id"], shift)
        made[f"{modality}_tf"] = true_false(texts[modality], (entry["id"] // 2 + shift) % 2 == 0)
    return made


def faults_of(entry, split):
    """Everything that is missing from, or breaks the cue convention in, one row's texts."""
    for modality in MODALITIES:
        texts = entry[split][modality]
        expected = FILLED_TURNS[split] | OTHER_TEXTS
        for key in sorted(texts.keys() ^ (expected.keys() | {"others"})):
            yield f"{modality}.{key} is missing or not expected"
        wanted = [(key, texts.get(key, ""), kind) for key, kind in expected.items()]
        wanted += [("others", text, "neutral") for text in texts.get("others", [])]
        if len(texts.get("others", [])) != 2:
            yield f"{modality}.others must be two distractors"
        for key, text, kind in wanted:
            if fault := cue_fault(text, kind):
                yield f"{modality}.{key} {fault}: {text}"


def scenarios():
    """(category, entry) in the order of the ids."""
    found = []
    for file in sorted((SOURCE / "scenarios").glob("*.yaml")):
        scenario = yaml.safe_load(file.read_text(encoding="utf-8"))
        found += [(scenario["category"], entry) for entry in scenario["images"]]
    return sorted(found, key=lambda pair: pair[1]["id"])


def main(target):
    entries = scenarios()
    faults = [f"{category}, id {entry['id']}, {split}: {fault}"
              for category, entry in entries for split in SPLITS for fault in faults_of(entry, split)]
    if faults:
        sys.exit("\n".join([*faults, f"{len(faults)} faults; nothing was written"]))

    stems = yaml.safe_load((SOURCE / "stems.yaml").read_text(encoding="utf-8"))
    pictures = {entry["id"]: _stored(base_picture(entry["id"], entry["scene"])) for _, entry in entries}
    variants = {entry["id"]: [_stored(v) for v in variant_pictures(entry["id"], entry["scene"])] for _, entry in entries}
    for split in SPLITS:
        rows = [row(entry, split, stems, pictures[entry["id"]], variants[entry["id"]]) for _, entry in entries]
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), target / f"{split}-00000-of-00001.parquet",
                       compression="snappy", row_group_size=ROWS_PER_GROUP)
    captions = {str(entry["id"]): entry["caption"] for _, entry in entries}
    (target / "captions.json").write_text(json.dumps(captions, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with open(target / "categories.csv", "w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("id", "split", "category"))
        lines.writerows((entry["id"], split, category) for split in SPLITS for category, entry in entries)


def _stored(picture):
    content, path = picture
    return {"bytes": content, "path": path}


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE.parent)
