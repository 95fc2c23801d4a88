"""The words the invented sets are made of. Any likeness to a card that exists is a collision to be renamed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One invented world: how its set, cards and decks are named."""

    code: str
    name: str
    adjectives: tuple[str, ...]
    roles: tuple[str, ...]
    places: tuple[str, ...]
    events: tuple[str, ...]
    grounds: tuple[str, ...]
    legends: tuple[str, ...]
    decks: tuple[str, ...]


THEMES = (
    Theme(
        code="DTWH",
        name="Tidewrack Hollow",
        adjectives=(
            "Brinelit", "Barnacled", "Undertow", "Lampless", "Saltgrey", "Kelpbound", "Tarred", "Eelskin",
            "Ninth-Wave", "Drowsing", "Oarless", "Shellbacked",
        ),
        roles=(
            "Ledgerkeeper", "Ferryhand", "Gull-Talker", "Netmender", "Lampwright", "Cocklewife", "Wreckbroker",
            "Harbour Clerk", "Crabdriver", "Buoy Singer", "Anchor Thief", "Dredgeling",
        ),
        places=("Lighthouse Annex", "Fish Exchange", "Sunken Tollgate", "Kelp Parlour", "Tidal Courtroom"),
        events=("Low Tide Audit", "Toll of the Ninth Bell", "Herring Panic", "Unpaid Salvage", "Spring Tide Sale"),
        grounds=("Mudflat", "Breakwater", "Skerry", "Kelpfield"),
        legends=("Old Maren, Keeper of Receipts", "The Second-Largest Lobster", "Captain Quill, Mostly Afloat"),
        decks=("Salvage Rights", "Claws and Clauses", "High Water Mark", "The Long Ebb"),
    ),
    Theme(
        code="DCLO",
        name="Clockwork Orchard",
        adjectives=(
            "Brass-Rooted", "Overwound", "Pollen-Oiled", "Ticking", "Grafted", "Escapement", "Copperbud", "Half-Past",
            "Sprung", "Verdigris", "Windfall", "Jewelled",
        ),
        roles=(
            "Pomologist", "Mainspring Beetle", "Cidermonger", "Ladder Automaton", "Hour Pruner", "Bee Engineer",
            "Pip Counter", "Scarecrow Mk III", "Orchard Auditor", "Cog Squirrel", "Key Bearer", "Sundial Skeptic",
        ),
        places=("Pendulum Press", "Noon Greenhouse", "The Winding Row", "Rust Nursery", "Cider Foundry"),
        events=("Harvest Overtime", "Daylight Wasting", "Sudden Ripeness", "A Stitch Too Late", "Full Unwinding"),
        grounds=("Brassgrove", "Furrow", "Springbed", "Millrace"),
        legends=("Aunt Tocsin, Prize Grower", "The Apple That Waited", "Horace Hale, Clock Gardener"),
        decks=("Root and Ratchet", "Bees in Brass", "Cider House Rulings", "Late Bloomers"),
    ),
    Theme(
        code="DEMF",
        name="Emberfen Uprising",
        adjectives=(
            "Peatborn", "Smouldering", "Ashfooted", "Mirebright", "Cinderwet", "Fen-Sworn", "Smokedrunk", "Reedfire",
            "Bogwarm", "Kindled", "Sootfaced", "Willowscorched",
        ),
        roles=(
            "Pamphleteer", "Frog Marshal", "Peat Smuggler", "Torch Accountant", "Mudlark Rebel", "Marsh Notary",
            "Heron Lookout", "Bellows Boy", "Lantern Toad", "Turf Cutter", "Stilt Walker", "Newt Alchemist",
        ),
        places=("The Burning Towpath", "Reed Barricade", "Smoke Market", "Toad Assembly", "Emberlit Sluice"),
        events=("Strike at the Sluices", "A Damp Revolution", "Frogs at Dawn", "Manifesto of Mud", "Slow Combustion"),
        grounds=("Fen", "Peat Cut", "Char Bank", "Reedbed"),
        legends=("Citizen Puddock", "Wilhelmina of the Wet Torch", "The Committee of Nine Newts"),
        decks=("Power to the Puddle", "Kindling Clauses", "Croak and Dagger", "Peat Hearts"),
    ),
    Theme(
        code="DPMC",
        name="Paper Moon Carnival",
        adjectives=(
            "Folded", "Confetti", "Moonstruck", "Creased", "Twice-Torn", "Papier", "Stagelit", "Inkblot", "Dog-Eared",
            "Glue-Scented", "Origami", "Sold-Out",
        ),
        roles=(
            "Ticket Taker", "Stiltwright", "Lion Impersonator", "Kite Fortune-Teller", "Understudy", "Candyfloss Baron",
            "Tightrope Intern", "Ghost Prompter", "Paste Golem", "Knife Borrower", "Drumroll Imp", "Wardrobe Wraith",
        ),
        places=("Hall of Polite Mirrors", "Lunar Big Top", "The Cardboard Sea", "Prop Graveyard", "Back of House"),
        events=("Encore Nobody Asked For", "Rain on Opening Night", "Vanishing Deposit", "Final Curtain Call", "Paper Cut"),
        grounds=("Sawdust Ring", "Midway", "Loading Dock", "Moonlit Lot"),
        legends=("Madame Crinkle, Ringmistress", "The Moon, Painted", "Bartholomew, Lion in Name Only"),
        decks=("All the World's a Page", "Fold and Bluff", "Smoke, Mirrors, Invoices", "Eleven Clowns"),
    ),
    Theme(
        code="DGLM",
        name="Glassmoor Expedition",
        adjectives=(
            "Vitreous", "Frostpaned", "Prismatic", "Unannealed", "Shardlit", "Lensgrinding", "Hoarwalked", "Echoing",
            "Sandblown", "Bottle-Green", "Fogged", "Tempered",
        ),
        roles=(
            "Surveyor", "Sled Poet", "Mirror Goat", "Glazier Scout", "Cartographer's Cat", "Icelens Monk", "Rope Bursar",
            "Crevasse Postman", "Kiln Warden", "Snowblind Guide", "Shard Hoarder", "Tea Quartermaster",
        ),
        places=("Base Camp Four", "The Kiln Pass", "Window Glacier", "Hall of Bad Maps", "Prism Cairn"),
        events=("Provision Dispute", "Avalanche of Paperwork", "Thin Ice Clause", "Northern Lights Out", "Turned Back"),
        grounds=("Glass Flat", "Moor", "Cold Kiln", "Prism Ridge"),
        legends=("Ottoline Vane, First to Turn Round", "The Goat Who Knew the Way", "Dr Pell, Frequently Lost"),
        decks=("Cold Accounts", "Through the Glass, Slowly", "Goat Logistics", "Map Not Included"),
    ),
    Theme(
        code="DQLT",
        name="Quilted Empire",
        adjectives=(
            "Threadbare", "Cross-Stitched", "Velveteen", "Buttoned", "Hemmed", "Patchwork", "Moth-Wary", "Silkspun",
            "Unravelled", "Darned", "Pin-Studded", "Featherstuffed",
        ),
        roles=(
            "Tailor-General", "Bobbin Courtier", "Moth Inquisitor", "Pincushion Knight", "Loom Senator", "Thimble Guard",
            "Seam Ripper", "Wool Merchant", "Lace Spy", "Dye Taster", "Needle Duellist", "Pillow Regent",
        ),
        places=("The Great Haberdashery", "Embroidered Senate", "Lint Catacombs", "Spindle Keep", "Attic Province"),
        events=("Treaty of Tulle", "Moths in the Archive", "Coup de Taffeta", "Loose Threads", "A Stitch in Crime"),
        grounds=("Patch", "Cotton March", "Dye Works", "Loomstead"),
        legends=("Empress Eiderdown XII", "The Button Pretender", "Grand Vizier Corduroy"),
        decks=("Imperial Linings", "Moth Season", "Pins and Needles", "Soft Power"),
    ),
)  # fmt: skip
