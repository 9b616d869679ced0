"""A drawing surface in scene coordinates, so that one scene serves every size, palette and layout.

A scene is laid out on 800 x 600 units. The canvas scales it to the wanted size, centres it, and extends the bands
(sky, walls, floors) to the picture's edges, whatever its aspect ratio. Mirroring turns the layout, never the lettering.
"""

from PIL import Image, ImageDraw, ImageFont

SCENE_WIDTH = 800
SCENE_HEIGHT = 600

DAY = {
    "sky": "#bfe0f5", "far": "#9fb8c8", "wall": "#efe6d3", "wall2": "#d9c9ab", "floor": "#b9a88a",
    "road": "#6f7479", "grass": "#8fbf6b", "leaf": "#4f8a45", "wood": "#9a6a3c", "wood2": "#7a4f29",
    "metal": "#9aa4ad", "metal2": "#67727c", "dark": "#2b2f36", "light": "#ffffff", "paper": "#fdfaf0",
    "red": "#cf3b34", "yellow": "#f2c230", "blue": "#2f6fb7", "green": "#3a9a57", "orange": "#e5832c",
    "purple": "#7c56a8", "skin": "#d9a27c", "skin2": "#8d5a3b", "hair": "#4a3325", "water": "#5fa6cf",
    "ice": "#dff1f7", "glass": "#cfe6ee", "sand": "#e6d29b", "rock": "#8d8578",
}
DUSK = DAY | {
    "sky": "#f0b48c", "far": "#a6788a", "wall": "#e3c3a2", "wall2": "#c79d7c", "floor": "#8f6d5c", "road": "#5b5460",
    "grass": "#8a8f52", "leaf": "#59663a", "glass": "#f3d9a4", "water": "#8a7fae", "ice": "#ecd9e2", "sand": "#d9b27c",
    "light": "#fff3df", "paper": "#fff0d6", "metal": "#a08f93", "metal2": "#6d5d66", "blue": "#44599a",
}
NIGHT = DAY | {
    "sky": "#1d2745", "far": "#2f3b5e", "wall": "#56607c", "wall2": "#454e69", "floor": "#343b52", "road": "#2b2f3d",
    "grass": "#2f4a3f", "leaf": "#22382f", "glass": "#f7e08a", "water": "#274a77", "ice": "#7f9cb8", "sand": "#7d7458",
    "wood": "#6a4a30", "wood2": "#4c3522", "metal": "#727c8f", "metal2": "#4b5468", "dark": "#10131c",
    "light": "#e6ecf7", "paper": "#d8dcec", "rock": "#4d4b55",
}
PRINT = DAY | {
    "sky": "#f4f1e8", "far": "#d5cfc0", "wall": "#ffffff", "wall2": "#e4dfd2", "floor": "#cfc8b8", "road": "#a9a59c",
    "grass": "#d7dfc0", "leaf": "#8aa37b", "wood": "#c2a27c", "wood2": "#96764f", "red": "#b5524c", "blue": "#5f7fa6",
    "green": "#6f9c7d", "yellow": "#e3c970", "orange": "#d49a66", "water": "#b4cfdc", "sand": "#efe6c8",
}


class Canvas:
    """One picture in the making; all positions and lengths are scene units."""

    def __init__(self, width, height, palette, mirrored=False, zoom=1.0, lift=0, oversample=1):
        self._size = (width, height)
        self._palette = palette
        self._mirrored = mirrored
        self._scale = min(width / SCENE_WIDTH, height / SCENE_HEIGHT) * zoom * oversample
        self._left = (width * oversample - SCENE_WIDTH * self._scale) / 2
        self._top = (height * oversample - SCENE_HEIGHT * self._scale) / 2 - lift * self._scale
        self._image = Image.new("RGB", (width * oversample, height * oversample), palette["sky"])
        self._draw = ImageDraw.Draw(self._image)
        self._draw.fontmode = "1"

    def finished(self):
        """The picture at its final size; edges are smooth where the canvas was oversampled."""
        if self._image.size == self._size:
            return self._image
        return self._image.resize(self._size, Image.Resampling.BOX)

    def band(self, top, bottom, colour):
        """A horizontal band across the whole picture; None reaches the picture's edge."""
        first = 0 if top is None else self._y(top)
        last = self._image.height if bottom is None else self._y(bottom)
        self._draw.rectangle((0, first, self._image.width, last), fill=self._palette[colour])

    def box(self, x, y, width, height, colour, outline=None, radius=0):
        x0, x1 = sorted((self._x(x), self._x(x + width)))
        area = (x0, self._y(y), x1, self._y(y + height))
        pen = dict(fill=self._colour(colour), outline=self._colour(outline), width=self._length(3) if outline else 0)
        if radius:
            self._draw.rounded_rectangle(area, radius=self._length(radius), **pen)
        else:
            self._draw.rectangle(area, **pen)

    def oval(self, x, y, rx, ry, colour, outline=None):
        cx, cy, w, h = self._x(x), self._y(y), rx * self._scale, ry * self._scale
        self._draw.ellipse((cx - w, cy - h, cx + w, cy + h), fill=self._colour(colour),
                           outline=self._colour(outline), width=self._length(3) if outline else 0)

    def disc(self, x, y, radius, colour, outline=None):
        self.oval(x, y, radius, radius, colour, outline)

    def shape(self, colour, *points):
        self._draw.polygon([(self._x(x), self._y(y)) for x, y in points], fill=self._palette[colour])

    def line(self, colour, thickness, *points):
        self._draw.line([(self._x(x), self._y(y)) for x, y in points], fill=self._palette[colour],
                        width=self._length(thickness), joint="curve")

    def label(self, text, x, y, size, colour="dark"):
        """Lettering centred on a point."""
        font = ImageFont.load_default(self._length(size))
        self._draw.text((self._x(x), self._y(y)), text, font=font, fill=self._palette[colour], anchor="mm")

    def person(self, x, feet, height, top, legs="dark", skin="skin", hair="hair", reach=None):
        """A standing figure; `reach` is where its nearer hand points to, if not at its side."""
        u = height / 100
        self.box(x - 11 * u, feet - 46 * u, 9 * u, 46 * u, legs)
        self.box(x + 2 * u, feet - 46 * u, 9 * u, 46 * u, legs)
        self.box(x - 15 * u, feet - 80 * u, 30 * u, 40 * u, top, radius=6 * u)
        self.line(top, 7 * u, (x - 14 * u, feet - 75 * u), (x - 21 * u, feet - 42 * u))
        hand = reach or (x + 21 * u, feet - 42 * u)
        self.line(top, 7 * u, (x + 13 * u, feet - 75 * u), hand)
        self.disc(x - 21 * u, feet - 41 * u, 4 * u, skin)
        self.disc(*hand, 4 * u, skin)
        self.disc(x, feet - 91 * u, 11 * u, hair)
        self.disc(x, feet - 88 * u, 9.5 * u, skin)

    def sitter(self, x, seat, size, top, skin="skin", hair="hair"):
        """Head and shoulders behind a table or in a seat; `seat` is the table's edge."""
        u = size / 100
        self.box(x - 30 * u, seat - 55 * u, 60 * u, 60 * u, top, radius=16 * u)
        self.disc(x, seat - 82 * u, 27 * u, hair)
        self.disc(x, seat - 75 * u, 23 * u, skin)

    def car(self, x, ground, length, colour):
        """A car seen from its side; `x` is its left end."""
        u = length / 100
        self.shape(colour, (x + 20 * u, ground - 24 * u), (x + 33 * u, ground - 40 * u),
                   (x + 68 * u, ground - 40 * u), (x + 84 * u, ground - 24 * u))
        self.shape("glass", (x + 27 * u, ground - 25 * u), (x + 36 * u, ground - 36 * u),
                   (x + 49 * u, ground - 36 * u), (x + 49 * u, ground - 25 * u))
        self.shape("glass", (x + 53 * u, ground - 25 * u), (x + 53 * u, ground - 36 * u),
                   (x + 66 * u, ground - 36 * u), (x + 76 * u, ground - 25 * u))
        self.box(x, ground - 25 * u, 100 * u, 18 * u, colour, radius=6 * u)
        for wheel in (22, 78):
            self.disc(x + wheel * u, ground - 8 * u, 9 * u, "dark")
            self.disc(x + wheel * u, ground - 8 * u, 4 * u, "metal")

    def tree(self, x, ground, height):
        self.box(x - height * 0.05, ground - height * 0.4, height * 0.1, height * 0.4, "wood2")
        self.disc(x, ground - height * 0.68, height * 0.28, "leaf")
        self.disc(x - height * 0.18, ground - height * 0.52, height * 0.2, "leaf")
        self.disc(x + height * 0.18, ground - height * 0.52, height * 0.2, "leaf")

    def camera(self, x, y, size):
        """A security camera on a bracket, looking down and to the right."""
        self.line("metal2", size * 0.15, (x, y), (x + size * 0.3, y + size * 0.35))
        self.shape("light", (x, y + size * 0.25), (x + size, y + size * 0.55), (x + size * 0.88, y + size * 0.9),
                   (x - size * 0.12, y + size * 0.6))
        self.disc(x + size * 0.92, y + size * 0.73, size * 0.16, "dark")

    def bottle(self, x, base, width, height, colour, label=None):
        self.box(x - width / 2, base - height * 0.75, width, height * 0.75, colour, radius=width * 0.18)
        self.box(x - width * 0.2, base - height * 0.92, width * 0.4, height * 0.2, colour)
        self.box(x - width * 0.26, base - height, width * 0.52, height * 0.12, "dark")
        self.box(x - width * 0.42, base - height * 0.55, width * 0.84, height * 0.34, "paper")
        if label:
            self.label(label, x, base - height * 0.38, width * 0.24)

    def _x(self, x):
        return self._left + (SCENE_WIDTH - x if self._mirrored else x) * self._scale

    def _y(self, y):
        return self._top + y * self._scale

    def _length(self, units):
        return max(1, round(units * self._scale))

    def _colour(self, name):
        return None if name is None else self._palette[name]
