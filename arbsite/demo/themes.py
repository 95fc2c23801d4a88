"""The words the invented sets are made of. Any likeness to a card that exists is a collision: rename it."""

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


def words(text: str) -> tuple[str, ...]:
    """Return the entries of a list written with semicolons, over as many lines as it takes."""
    return tuple(" ".join(entry.split()) for entry in text.split(";"))


THEMES = (
    Theme(
        code="DTWH",
        name="Tidewrack Hollow",
        adjectives=words(
            """
            Brinelit; Barnacled; Undertow; Lampless; Saltgrey; Kelpbound; Tarred; Eelskin;
            Ninth-Wave; Drowsing; Oarless; Shellbacked
            """
        ),
        roles=words(
            """
            Ledgerkeeper; Ferryhand; Gull-Talker; Netmender; Lampwright; Cocklewife;
            Wreckbroker; Harbour Clerk; Crabdriver; Buoy Singer; Anchor Thief; Dredgeling
            """
        ),
        places=words("Lighthouse Annex; Fish Exchange; Sunken Tollgate; Kelp Parlour; Tidal Courtroom"),
        events=words(
            """
            Low Tide Audit; Toll of the Ninth Bell; Herring Panic; Unpaid Salvage; Spring Tide
            Sale
            """
        ),
        grounds=words("Mudflat; Breakwater; Skerry; Kelpfield"),
        legends=words(
            """
            Old Maren, Keeper of Receipts; The Second-Largest Lobster; Captain Quill, Mostly
            Afloat
            """
        ),
        decks=words("Salvage Rights; Claws and Clauses; High Water Mark; The Long Ebb"),
    ),
    Theme(
        code="DCLO",
        name="Clockwork Orchard",
        adjectives=words(
            """
            Brass-Rooted; Overwound; Pollen-Oiled; Ticking; Grafted; Escapement; Copperbud;
            Half-Past; Sprung; Verdigris; Windfall; Jewelled
            """
        ),
        roles=words(
            """
            Pomologist; Mainspring Beetle; Cidermonger; Ladder Automaton; Hour Pruner; Bee
            Engineer; Pip Counter; Scarecrow Mk III; Orchard Auditor; Cog Squirrel; Key Bearer;
            Sundial Skeptic
            """
        ),
        places=words("Pendulum Press; Noon Greenhouse; The Winding Row; Rust Nursery; Cider Foundry"),
        events=words(
            """
            Harvest Overtime; Daylight Wasting; Sudden Ripeness; A Stitch Too Late; Full
            Unwinding
            """
        ),
        grounds=words("Brassgrove; Furrow; Springbed; Millrace"),
        legends=words("Aunt Tocsin, Prize Grower; The Apple That Waited; Horace Hale, Clock Gardener"),
        decks=words("Root and Ratchet; Bees in Brass; Cider House Rulings; Late Bloomers"),
    ),
    Theme(
        code="DEMF",
        name="Emberfen Uprising",
        adjectives=words(
            """
            Peatborn; Smouldering; Ashfooted; Mirebright; Cinderwet; Fen-Sworn; Smokedrunk;
            Reedfire; Bogwarm; Kindled; Sootfaced; Willowscorched
            """
        ),
        roles=words(
            """
            Pamphleteer; Frog Marshal; Peat Smuggler; Torch Accountant; Mudlark Rebel; Marsh
            Notary; Heron Lookout; Bellows Boy; Lantern Toad; Turf Cutter; Stilt Walker; Newt
            Alchemist
            """
        ),
        places=words("The Burning Towpath; Reed Barricade; Smoke Market; Toad Assembly; Emberlit Sluice"),
        events=words(
            """
            Strike at the Sluices; A Damp Revolution; Frogs at Dawn; Manifesto of Mud; Slow
            Combustion
            """
        ),
        grounds=words("Fen; Peat Cut; Char Bank; Reedbed"),
        legends=words("Citizen Puddock; Wilhelmina of the Wet Torch; The Committee of Nine Newts"),
        decks=words("Power to the Puddle; Kindling Clauses; Croak and Dagger; Peat Hearts"),
    ),
    Theme(
        code="DPMC",
        name="Paper Moon Carnival",
        adjectives=words(
            """
            Folded; Confetti; Moonstruck; Creased; Twice-Torn; Papier; Stagelit; Inkblot;
            Dog-Eared; Glue-Scented; Origami; Sold-Out
            """
        ),
        roles=words(
            """
            Ticket Taker; Stiltwright; Lion Impersonator; Kite Fortune-Teller; Understudy;
            Candyfloss Baron; Tightrope Intern; Ghost Prompter; Paste Golem; Knife Borrower;
            Drumroll Imp; Wardrobe Wraith
            """
        ),
        places=words(
            """
            Hall of Polite Mirrors; Lunar Big Top; The Cardboard Sea; Prop Graveyard; Back of
            House
            """
        ),
        events=words(
            """
            Encore Nobody Asked For; Rain on Opening Night; Vanishing Deposit; Final Curtain
            Call; Paper Cut
            """
        ),
        grounds=words("Sawdust Ring; Midway; Loading Dock; Moonlit Lot"),
        legends=words("Madame Crinkle, Ringmistress; The Moon, Painted; Bartholomew, Lion in Name Only"),
        decks=words("All the World's a Page; Fold and Bluff; Smoke, Mirrors, Invoices; Eleven Clowns"),
    ),
    Theme(
        code="DGLM",
        name="Glassmoor Expedition",
        adjectives=words(
            """
            Vitreous; Frostpaned; Prismatic; Unannealed; Shardlit; Lensgrinding; Hoarwalked;
            Echoing; Sandblown; Bottle-Green; Fogged; Tempered
            """
        ),
        roles=words(
            """
            Surveyor; Sled Poet; Mirror Goat; Glazier Scout; Cartographer's Cat; Icelens Monk;
            Rope Bursar; Crevasse Postman; Kiln Warden; Snowblind Guide; Shard Hoarder; Tea
            Quartermaster
            """
        ),
        places=words("Base Camp Four; The Kiln Pass; Window Glacier; Hall of Bad Maps; Prism Cairn"),
        events=words(
            """
            Provision Dispute; Avalanche of Paperwork; Thin Ice Clause; Northern Lights Out;
            Turned Back
            """
        ),
        grounds=words("Glass Flat; Moor; Cold Kiln; Prism Ridge"),
        legends=words(
            """
            Ottoline Vane, First to Turn Round; The Goat Who Knew the Way; Dr Pell, Frequently
            Lost
            """
        ),
        decks=words("Cold Accounts; Through the Glass, Slowly; Goat Logistics; Map Not Included"),
    ),
    Theme(
        code="DQLT",
        name="Quilted Empire",
        adjectives=words(
            """
            Threadbare; Cross-Stitched; Velveteen; Buttoned; Hemmed; Patchwork; Moth-Wary;
            Silkspun; Unravelled; Darned; Pin-Studded; Featherstuffed
            """
        ),
        roles=words(
            """
            Tailor-General; Bobbin Courtier; Moth Inquisitor; Pincushion Knight; Loom Senator;
            Thimble Guard; Seam Ripper; Wool Merchant; Lace Spy; Dye Taster; Needle Duellist;
            Pillow Regent
            """
        ),
        places=words(
            """
            The Great Haberdashery; Embroidered Senate; Lint Catacombs; Spindle Keep; Attic
            Province
            """
        ),
        events=words(
            """
            Treaty of Tulle; Moths in the Archive; Coup de Taffeta; Loose Threads; A Stitch in
            Crime
            """
        ),
        grounds=words("Patch; Cotton March; Dye Works; Loomstead"),
        legends=words("Empress Eiderdown XII; The Button Pretender; Grand Vizier Corduroy"),
        decks=words("Imperial Linings; Moth Season; Pins and Needles; Soft Power"),
    ),
)
