"""The twenty pictures, each a function from a canvas to a drawn scene on 800 x 600 units."""


def loading_dock(c):
    c.band(None, 430, "wall2")
    c.band(430, None, "road")
    c.box(60, 150, 260, 290, "metal2")
    for y in range(150, 290, 20):
        c.box(66, y, 248, 16, "metal")
    c.label("DOCK 4", 190, 120, 34)
    c.box(70, 290, 240, 150, "dark")
    c.box(110, 370, 60, 70, "wood")
    c.box(180, 350, 80, 90, "wood")
    c.camera(340, 110, 60)
    c.box(420, 250, 240, 170, "light", outline="metal2")
    c.box(660, 300, 90, 120, "blue", radius=8)
    c.box(690, 315, 52, 50, "glass")
    for x in (470, 570, 705):
        c.disc(x, 428, 28, "dark")
        c.disc(x, 428, 12, "metal")
    c.label("PARCELS", 540, 330, 36, "blue")
    c.person(365, 540, 170, "orange")
    c.box(20, 500, 90, 60, "yellow")
    c.label("STAFF", 65, 530, 22)


def tripod_at_window(c):
    c.band(None, None, "wall")
    c.band(500, None, "floor")
    c.box(180, 60, 440, 330, "sky", outline="wood2")
    c.box(230, 150, 340, 240, "wall2")
    for x in (260, 370, 480):
        for y in (175, 280):
            c.box(x, y, 65, 75, "glass", outline="wood2")
    c.sitter(402, 355, 55, "red")
    c.sitter(510, 250, 55, "green", skin="skin2")
    c.box(140, 40, 50, 370, "purple")
    c.box(610, 40, 50, 370, "purple")
    for foot in (300, 360, 430):
        c.line("dark", 9, (365, 400), (foot, 560))
    c.box(320, 355, 90, 55, "dark", radius=8)
    c.box(400, 340, 100, 40, "metal2")
    c.disc(500, 360, 22, "blue")
    c.person(210, 575, 250, "blue", reach=(315, 395))


def certificate_desk(c):
    c.band(None, None, "wood")
    c.box(60, 60, 430, 330, "paper", outline="yellow", radius=10)
    c.label("CERTIFICATE", 275, 120, 46, "blue")
    c.label("of completed training", 275, 165, 26)
    for y in (215, 245, 275):
        c.box(120, y, 310, 5, "metal")
    c.line("dark", 4, (120, 335), (150, 310), (170, 340), (200, 312), (225, 338), (250, 320))
    c.disc(420, 325, 42, "red")
    c.disc(420, 325, 28, "orange")
    c.box(560, 220, 90, 60, "dark", radius=14)
    c.box(585, 140, 40, 90, "wood2", radius=16)
    c.box(545, 280, 120, 24, "metal2")
    c.box(540, 360, 190, 110, "dark", radius=8)
    c.box(555, 375, 160, 70, "red")
    c.label("INK", 635, 410, 32, "light")
    c.line("blue", 14, (110, 480), (390, 520))
    c.shape("dark", (390, 510), (425, 526), (388, 530))
    c.box(90, 540, 340, 24, "yellow")


def under_the_sink(c):
    c.band(None, None, "wall")
    c.band(540, None, "floor")
    c.box(80, 130, 640, 34, "metal")
    c.box(100, 164, 600, 376, "wood2")
    c.box(120, 180, 560, 345, "dark")
    c.line("metal", 22, (400, 180), (400, 290), (480, 290), (480, 525))
    c.line("metal", 16, (400, 130), (400, 60), (470, 60), (470, 95))
    c.bottle(190, 520, 80, 210, "blue", "BLEACH")
    c.bottle(290, 520, 70, 170, "green", "SOAP")
    c.bottle(380, 520, 70, 190, "yellow", "DRAIN")
    c.bottle(570, 520, 80, 200, "red", "SCALE")
    c.box(620, 440, 50, 82, "orange", radius=8)
    c.box(20, 164, 84, 376, "wood")
    c.disc(92, 350, 7, "metal")
    c.box(696, 164, 84, 376, "wood")
    c.person(760, 590, 150, "purple")


def tool_wall(c):
    c.band(None, None, "wall2")
    c.band(450, None, "wood2")
    c.box(70, 50, 660, 330, "wood", outline="wood2")
    for x in range(100, 720, 40):
        for y in range(75, 370, 40):
            c.disc(x, y, 3, "wood2")
    c.box(145, 130, 22, 200, "yellow")
    c.box(105, 90, 100, 46, "metal2", radius=6)
    c.shape("metal", (250, 120), (300, 105), (300, 330), (270, 330))
    c.box(262, 70, 50, 50, "red", radius=12)
    c.shape("metal", (395, 90), (425, 140), (420, 235), (380, 235))
    c.box(380, 235, 40, 95, "dark", radius=8)
    c.box(495, 150, 18, 180, "orange")
    c.shape("metal2", (470, 90), (545, 80), (560, 150), (480, 150))
    c.disc(640, 130, 46, "metal2")
    c.disc(640, 130, 24, "wood")
    c.box(630, 165, 20, 165, "metal2")
    c.box(40, 420, 720, 34, "wood")
    c.box(470, 380, 130, 40, "metal2")
    c.box(90, 395, 150, 25, "light")
    c.label("WORKSHOP 2", 400, 520, 40, "light")


def crossing(c):
    c.band(None, 330, "sky")
    c.box(-600, 190, 2000, 140, "far")
    for x in (40, 200, 390, 560, 690):
        c.box(x, 110, 110, 220, "wall2")
        for y in (130, 180, 230):
            c.box(x + 18, y, 26, 30, "glass")
            c.box(x + 64, y, 26, 30, "glass")
    c.band(330, 380, "wall")
    c.band(380, None, "road")
    for y in range(385, 600, 36):
        c.box(330, y, 150, 20, "light")
    c.box(580, 130, 16, 250, "dark")
    c.box(560, 120, 56, 130, "dark", radius=10)
    c.disc(588, 145, 16, "red")
    c.disc(588, 185, 16, "metal2")
    c.disc(588, 225, 16, "metal2")
    c.car(60, 500, 240, "blue")
    c.person(390, 470, 150, "yellow", skin="skin2")
    c.person(440, 480, 95, "red")
    c.box(700, 200, 12, 180, "metal2")
    c.disc(706, 190, 42, "light", outline="red")
    c.label("30", 706, 190, 42)


def network_cabinet(c):
    c.band(None, None, "wall")
    c.band(520, None, "floor")
    c.box(280, 60, 260, 470, "dark")
    for y in range(80, 440, 60):
        c.box(300, y, 220, 46, "metal2")
        for x in range(315, 430, 18):
            c.disc(x, y + 23, 5, "green" if (x + y) % 4 else "yellow")
        c.box(440, y + 12, 70, 22, "dark")
    c.line("blue", 6, (320, 110), (250, 220), (330, 290))
    c.line("orange", 6, (350, 170), (230, 320), (360, 410))
    c.line("red", 6, (510, 105), (590, 260), (505, 345))
    c.shape("metal", (540, 60), (680, 30), (680, 560), (540, 530))
    c.disc(662, 300, 9, "dark")
    c.label("LAN", 410, 480, 40, "light")
    c.box(60, 250, 130, 90, "light", outline="metal2", radius=8)
    c.line("dark", 6, (85, 250), (75, 185))
    c.line("dark", 6, (165, 250), (175, 185))
    c.label("WIFI", 125, 295, 30, "blue")
    c.box(40, 340, 170, 190, "wood")


def park_path(c):
    c.band(None, 300, "sky")
    c.band(300, None, "grass")
    c.shape("sand", (330, 300), (420, 300), (700, 760), (60, 760))
    for x, g, h in ((70, 360, 220), (190, 330, 150), (620, 340, 190), (740, 400, 260)):
        c.tree(x, g, h)
    c.person(400, 500, 190, "red", legs="blue")
    c.line("light", 5, (385, 330), (400, 322), (415, 330))
    c.box(90, 450, 180, 16, "wood")
    c.box(90, 410, 180, 14, "wood")
    c.box(100, 466, 12, 50, "wood2")
    c.box(248, 466, 12, 50, "wood2")
    c.sitter(180, 465, 90, "dark")
    c.box(176, 418, 20, 30, "light")
    c.box(560, 380, 10, 130, "metal2")
    c.box(520, 350, 90, 50, "green")
    c.label("PARK", 565, 375, 28, "light")


def crane_site(c):
    c.band(None, 500, "sky")
    c.band(500, None, "sand")
    c.box(330, 170, 250, 330, "metal")
    for y in range(190, 490, 55):
        for x in range(350, 570, 60):
            c.box(x, y, 36, 34, "dark")
    for x in range(310, 610, 70):
        c.line("orange", 6, (x, 150), (x, 500))
    for y in range(160, 500, 60):
        c.line("orange", 6, (310, y), (600, y))
    c.box(150, 60, 26, 440, "yellow")
    for y in range(70, 490, 40):
        c.line("dark", 4, (150, y), (176, y + 38))
    c.box(60, 60, 480, 18, "yellow")
    c.shape("yellow", (163, 20), (130, 60), (196, 60))
    c.line("dark", 3, (480, 78), (480, 150))
    c.box(176, 80, 44, 50, "glass", outline="dark")
    for x in range(-200, 1000, 60):
        c.box(x, 470, 8, 100, "metal2")
    c.line("metal2", 4, (-300, 480), (1100, 480))
    c.line("metal2", 4, (-300, 540), (1100, 540))
    c.box(610, 480, 150, 70, "light", outline="red")
    c.label("NO ENTRY", 685, 515, 28, "red")
    c.person(90, 590, 130, "purple", reach=(125, 480))


def river_outlet(c):
    c.band(None, 250, "sky")
    c.band(250, None, "grass")
    c.box(440, 120, 260, 160, "wall2")
    c.shape("wall2", (440, 120), (490, 80), (490, 120), (540, 80), (540, 120), (590, 80), (590, 120), (640, 80), (640, 120))
    c.box(660, 40, 34, 100, "red")
    for x in (465, 535, 605):
        c.box(x, 170, 40, 40, "glass")
    c.shape("water", (-300, 420), (1100, 350), (1100, 560), (-300, 600))
    c.shape("metal2", (560, 280), (610, 280), (520, 410), (465, 400))
    c.oval(490, 408, 34, 24, "dark")
    c.shape("green", (460, 412), (520, 412), (540, 470), (380, 480))
    for x, y in ((140, 470), (240, 500), (640, 450)):
        c.line("light", 5, (x, y), (x + 40, y - 6), (x + 80, y))
    c.tree(90, 380, 200)
    c.person(270, 400, 120, "orange")
    c.box(310, 355, 30, 45, "blue", radius=6)
    c.label("RIVER", 240, 545, 34, "light")


def museum_room(c):
    c.band(None, 440, "wall")
    c.band(440, None, "wood")
    c.box(70, 80, 200, 160, "yellow")
    c.box(86, 96, 168, 128, "sky")
    c.shape("leaf", (86, 224), (150, 140), (200, 190), (254, 150), (254, 224))
    c.box(330, 330, 140, 180, "light", outline="metal2")
    c.box(335, 170, 130, 160, "glass", outline="metal2")
    c.oval(400, 270, 34, 45, "blue")
    c.box(385, 205, 30, 40, "blue")
    c.box(375, 312, 50, 16, "blue")
    c.label("VASE", 400, 420, 34)
    for x in (240, 560):
        c.box(x - 6, 430, 12, 110, "yellow")
        c.disc(x, 425, 13, "yellow")
    c.line("red", 9, (240, 440), (320, 480), (480, 480), (560, 440))
    c.person(660, 540, 240, "dark", legs="dark", skin="skin2")
    c.label("GUARD", 660, 400, 18, "light")
    c.camera(510, 40, 70)
    c.box(700, 60, 60, 30, "light", outline="metal2")
    c.disc(730, 75, 7, "red")


def cafe_tables(c):
    c.band(None, 400, "wall")
    c.band(400, None, "floor")
    c.box(60, 70, 220, 90, "dark")
    c.label("CAFE", 170, 115, 56, "yellow")
    c.box(520, 60, 220, 170, "glass", outline="wood2")
    c.line("wood2", 5, (630, 60), (630, 230))
    c.sitter(190, 385, 150, "green", skin="skin2")
    c.box(60, 380, 300, 26, "wood")
    c.box(190, 406, 26, 150, "wood2")
    c.box(130, 315, 110, 66, "metal2", radius=6)
    c.disc(185, 348, 10, "light")
    c.box(290, 345, 34, 36, "light")
    c.sitter(600, 385, 150, "purple")
    c.box(450, 380, 300, 26, "wood")
    c.box(590, 406, 26, 150, "wood2")
    c.box(478, 362, 60, 18, "dark", radius=5)
    c.box(690, 345, 34, 36, "light")
    c.box(560, 330, 84, 44, "paper")
    c.box(360, 470, 70, 80, "orange", radius=10)
    c.line("dark", 6, (375, 470), (395, 430), (415, 470))


def ticket_gate(c):
    c.band(None, 180, "purple")
    c.band(180, 460, "wall2")
    c.band(460, None, "road")
    c.label("OPEN AIR CONCERT", 400, 110, 56, "yellow")
    c.box(50, 220, 180, 260, "red")
    c.box(75, 270, 130, 90, "glass")
    c.sitter(140, 360, 90, "blue")
    c.label("TICKETS", 140, 245, 32, "light")
    for x in (330, 470, 610):
        c.box(x, 380, 40, 120, "metal2", radius=6)
        c.box(x + 6, 390, 28, 26, "green")
        c.line("metal", 9, (x + 40, 430), (x + 90, 430))
    c.person(420, 560, 200, "orange", reach=(350, 420))
    c.person(560, 570, 190, "green", skin="skin2")
    c.person(720, 560, 210, "yellow")
    c.label("CREW", 720, 440, 20)
    c.box(250, 300, 60, 90, "paper", outline="dark")
    for i in range(4):
        for j in range(4):
            if (i * 3 + j * 5) % 4 < 2:
                c.box(258 + i * 11, 310 + j * 11, 10, 10, "dark")


def medicine_cabinet(c):
    c.band(None, None, "glass")
    c.box(150, 50, 500, 340, "light", outline="metal2", radius=10)
    c.box(175, 75, 450, 140, "wall")
    c.box(175, 225, 450, 140, "wall")
    for x, colour, text in ((225, "orange", "HEART"), (320, "orange", "SLEEP"), (415, "green", "COUGH"), (560, "blue", "PAIN")):
        c.bottle(x, 212, 70, 120, colour, text)
    c.box(200, 290, 120, 72, "paper", outline="red")
    c.box(250, 300, 20, 52, "red")
    c.box(234, 316, 52, 20, "red")
    c.bottle(400, 362, 60, 110, "red", "IRON")
    c.box(470, 310, 130, 52, "yellow", radius=6)
    c.label("PLASTERS", 535, 336, 22)
    c.band(470, None, "wood")
    c.box(180, 440, 320, 44, "purple", radius=6)
    for i, day in enumerate("MTWTFSS"):
        c.box(188 + i * 44, 446, 38, 32, "light", radius=4)
        c.label(day, 207 + i * 44, 462, 24)
    c.box(570, 420, 70, 64, "light", radius=8)
    c.oval(605, 424, 30, 8, "orange")
    c.line("light", 9, (640, 435), (662, 445), (640, 465))


def archery_range(c):
    c.band(None, 260, "sky")
    c.band(260, None, "grass")
    for x in (160, 360, 560):
        c.line("wood2", 10, (x, 230), (x - 40, 330))
        c.line("wood2", 10, (x, 230), (x + 40, 330))
        for radius, colour in ((58, "light"), (46, "dark"), (34, "blue"), (22, "red"), (10, "yellow")):
            c.disc(x, 215, radius, colour)
    c.line("light", 6, (-300, 470), (1100, 470))
    c.person(250, 560, 210, "green")
    c.line("wood2", 8, (310, 370), (345, 430), (345, 490), (310, 550))
    c.line("dark", 2, (310, 370), (310, 550))
    c.person(470, 560, 200, "blue", skin="skin2")
    c.box(620, 380, 150, 16, "wood")
    c.box(630, 396, 12, 150, "wood2")
    c.box(748, 396, 12, 150, "wood2")
    for x in (650, 690, 730):
        c.line("wood2", 6, (x, 400), (x + 20, 450), (x, 505))
    c.box(20, 380, 120, 70, "light", outline="red")
    c.label("RANGE", 80, 403, 26, "red")
    c.label("IN USE", 80, 430, 24, "red")


def level_crossing(c):
    c.band(None, 320, "sky")
    c.shape("far", (-400, 320), (-100, 200), (150, 290), (420, 170), (700, 300), (950, 210), (1200, 320))
    c.band(320, None, "grass")
    c.shape("road", (290, 320), (390, 320), (640, 760), (60, 760))
    c.band(400, 410, "metal2")
    c.band(440, 452, "metal2")
    for x in range(-300, 1100, 46):
        c.box(x, 392, 18, 70, "wood2")
    c.band(402, 409, "metal")
    c.band(442, 450, "metal")
    c.box(140, 330, 16, 160, "metal2")
    for i in range(7):
        c.box(150 + i * 50, 480, 50, 16, "red" if i % 2 == 0 else "light")
    c.line("light", 12, (115, 270), (185, 330))
    c.line("light", 12, (185, 270), (115, 330))
    c.disc(130, 360, 14, "red")
    c.disc(166, 360, 14, "red")
    c.box(520, 290, 420, 110, "green")
    c.shape("green", (470, 400), (520, 290), (530, 400))
    for x in (560, 640, 720):
        c.box(x, 310, 56, 40, "glass")
    c.car(250, 585, 190, "orange")


def library_kiosk(c):
    c.band(None, 460, "wall")
    c.band(460, None, "floor")
    c.box(40, 60, 280, 400, "wood2")
    colours = ("red", "blue", "green", "yellow", "purple", "orange")
    for row, y in enumerate((80, 210, 340)):
        c.box(50, y + 100, 260, 10, "wood")
        for i in range(10):
            c.box(56 + i * 25, y + (i * 7 + row * 5) % 22, 21, 100 - (i * 7 + row * 5) % 22, colours[(i + row) % 6])
    c.box(470, 330, 90, 200, "metal2")
    c.box(420, 130, 190, 210, "dark", radius=12)
    c.box(436, 148, 158, 150, "blue")
    c.label("LIBRARY", 515, 180, 30, "light")
    c.label("SIGN IN", 515, 225, 28, "yellow")
    c.box(460, 250, 110, 26, "light")
    c.box(500, 310, 70, 12, "metal")
    c.box(480, 420, 30, 18, "dark")
    c.box(520, 420, 30, 18, "dark")
    c.person(700, 560, 250, "green", reach=(605, 300))


def shared_office(c):
    c.band(None, 380, "wall")
    c.band(380, None, "floor")
    c.box(60, 50, 300, 200, "sand", outline="wood2")
    c.label("ROTA", 120, 75, 26)
    for i in range(5):
        for j in range(3):
            c.box(80 + i * 54, 95 + j * 48, 46, 38, ("paper", "yellow", "glass")[(i + j) % 3])
    c.sitter(610, 390, 120, "blue")
    for x in (60, 450):
        c.box(x, 385, 300, 24, "wood")
        c.box(x + 12, 409, 16, 150, "wood2")
        c.box(x + 272, 409, 16, 150, "wood2")
    c.box(560, 300, 110, 76, "dark", radius=6)
    c.box(605, 376, 20, 12, "dark")
    c.box(120, 345, 44, 42, "blue")
    for x, y in ((120, 300), (142, 285), (165, 302)):
        c.line("leaf", 4, (142, 345), (x, y))
        c.disc(x, y, 15, "red")
        c.disc(x, y, 6, "yellow")
    c.box(220, 355, 70, 30, "paper")
    c.label("for you", 255, 370, 18, "purple")
    c.box(190, 440, 90, 120, "metal2", radius=10)
    c.person(415, 560, 230, "green", skin="skin2")


def frozen_lake(c):
    c.band(None, 260, "sky")
    c.shape("far", (-400, 260), (-50, 120), (160, 230), (380, 90), (620, 240), (860, 130), (1200, 260))
    c.band(260, None, "light")
    c.oval(420, 420, 360, 120, "ice", outline="water")
    c.line("water", 4, (250, 400), (320, 420), (350, 400), (430, 430))
    c.line("water", 4, (430, 430), (480, 410), (560, 450))
    c.oval(540, 450, 70, 24, "water")
    c.box(110, 380, 14, 170, "wood2")
    c.shape("yellow", (117, 270), (30, 400), (204, 400))
    c.label("THIN", 117, 350, 30)
    c.label("ICE", 117, 382, 30)
    c.person(330, 410, 120, "red", legs="blue")
    c.person(700, 560, 170, "green", reach=(620, 450))
    for x, g, h in ((50, 290, 120), (660, 290, 130), (740, 300, 170)):
        c.box(x - 5, g - 20, 10, 20, "wood2")
        c.shape("leaf", (x, g - h), (x - h * 0.3, g - 15), (x + h * 0.3, g - 15))
    c.disc(240, 560, 36, "orange")
    c.disc(240, 560, 20, "light")


def nature_reserve(c):
    c.band(None, 280, "sky")
    c.band(280, None, "grass")
    for x, g, h in ((60, 330, 240), (170, 310, 180), (720, 330, 260), (620, 300, 170)):
        c.tree(x, g, h)
    c.line("wood2", 10, (470, 120), (450, 330))
    c.line("wood2", 10, (550, 120), (570, 330))
    c.line("wood2", 6, (462, 230), (560, 230))
    c.box(440, 60, 140, 70, "wood")
    c.box(460, 78, 100, 26, "dark")
    c.shape("wood2", (425, 60), (510, 20), (595, 60))
    c.oval(280, 370, 62, 30, "wood")
    for x in (235, 255, 305, 325):
        c.box(x - 5, 385, 9, 65, "wood")
    c.shape("wood", (320, 365), (345, 300), (365, 305), (340, 375))
    c.oval(362, 300, 24, 13, "wood")
    c.line("wood2", 5, (352, 290), (340, 255), (325, 245))
    c.line("wood2", 5, (360, 288), (375, 255), (392, 248))
    for x in range(-240, 1080, 80):
        c.box(x, 470, 12, 100, "wood2")
    c.line("wood", 9, (-300, 495), (1100, 495))
    c.line("wood", 9, (-300, 535), (1100, 535))
    c.box(560, 440, 190, 80, "green", outline="light")
    c.label("NATURE", 655, 465, 30, "light")
    c.label("RESERVE", 655, 495, 30, "light")


SCENES = {scene.__name__: scene for scene in (
    loading_dock, tripod_at_window, certificate_desk, under_the_sink, tool_wall, crossing, network_cabinet, park_path,
    crane_site, river_outlet, museum_room, cafe_tables, ticket_gate, medicine_cabinet, archery_range, level_crossing,
    library_kiosk, shared_office, frozen_lake, nature_reserve)}
