"""Encodes the scenes: one base picture each, in the mix of encodings a real data set has, and three variants."""

import io

from PIL import Image, ImageDraw

from canvas import DAY, DUSK, NIGHT, PRINT, Canvas
from scenes import SCENES

BASE_SIZE = (800, 600)
VARIANT_SIZE = (1024, 1024)
VARIANTS = (
    dict(palette=DUSK, mirrored=True),
    dict(palette=NIGHT, zoom=1.08, lift=20),
    dict(palette=PRINT, mirrored=True, zoom=0.9, lift=-30),
)

# The exceptions among the base pictures; every other one is an 800 x 600 RGB PNG.
LARGE_JPEGS = {"crossing": (2000, 1300), "museum_room": (1600, 1200), "medicine_cabinet": (1800, 1200)}
JPEG_NAMED_PNG = "medicine_cabinet"  # a file name proves nothing about the bytes, in real data sets too
TRANSPARENT_CORNERS = "certificate_desk"
PALETTE_WITH_TRANSPARENCY = "library_kiosk"
PALETTE = "frozen_lake"
GREYSCALE = "cafe_tables"


def base_picture(row_id, scene):
    """The picture that both splits' rows with this id share, as (bytes, path)."""
    if scene in LARGE_JPEGS:
        picture = _drawn(scene, *LARGE_JPEGS[scene], palette=DAY, oversample=2)
        suffix = "png" if scene == JPEG_NAMED_PNG else "jpg"
        return _encoded(picture, "JPEG", quality=80, optimize=True), f"{row_id}.{suffix}"
    picture = _drawn(scene, *BASE_SIZE, palette=DAY, oversample=2)
    options = {}
    if scene == TRANSPARENT_CORNERS:
        mask = Image.new("L", picture.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *picture.size), radius=70, fill=255)
        picture.putalpha(mask)
    elif scene == PALETTE_WITH_TRANSPARENCY:
        picture = _quantised(picture, 48)
        options["transparency"] = picture.getpixel((1, 1))
    elif scene == PALETTE:
        picture = _quantised(picture, 64)
    elif scene == GREYSCALE:
        picture = picture.convert("L")
    return _encoded(picture, "PNG", optimize=True, **options), f"{row_id}.png"


def variant_pictures(row_id, scene):
    """The scene in three other palettes and layouts, as (bytes, path) each."""
    return [
        (_encoded(_quantised(_drawn(scene, *VARIANT_SIZE, **layout), 40), "PNG", optimize=True), f"{row_id}_{number}.png")
        for number, layout in enumerate(VARIANTS)
    ]


def _drawn(scene, width, height, **layout):
    canvas = Canvas(width, height, **layout)
    SCENES[scene](canvas)
    return canvas.finished()


def _quantised(picture, colours):
    return picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _encoded(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
