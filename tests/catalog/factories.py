"""Makers of catalogue rows for any test, such as `SealedProductFactory(contents=[(single, 2)])`."""

import factory
from factory.django import DjangoModelFactory

from catalog.choices import ContentKind, Finish, ProductType
from catalog.models import (
    BoosterConfiguration,
    BoosterConfigurationSheet,
    BoosterPack,
    BoosterSheet,
    BoosterSheetCard,
    ContentsVersion,
    Deck,
    DeckCard,
    Product,
    ProductIdentifier,
    ProductSingle,
    SealedContent,
    Venue,
)


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Card {n}")
    set_name = "Test Set"
    set_code = "TST"
    product_type = ProductType.SINGLE
    category = "mtg"
    number = factory.Sequence(str)
    rarity = "common"
    finishes = [Finish.NONFOIL.value, Finish.FOIL.value]

    @factory.post_generation
    def _key(self, create, extracted, **kwargs):
        self.refresh_from_db(fields=["key"])  # the database hands the key out


class SingleFactory(ProductFactory):
    """One printing of a card."""


class IdentifierFactory(DjangoModelFactory[ProductIdentifier]):
    class Meta:
        model = ProductIdentifier

    product = factory.SubFactory(SingleFactory)
    source = "mcm"
    external_id = factory.Sequence(lambda n: str(900_000 + n))


class DeckFactory(DjangoModelFactory[Deck]):
    """A deck; `cards` are (single, quantity) or (single, quantity, finish)."""

    class Meta:
        model = Deck
        skip_postgeneration_save = True

    set_code = "TST"
    name = factory.Sequence(lambda n: f"Deck {n}")
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")

    @factory.post_generation
    def cards(self, create, extracted, **kwargs):
        for single, quantity, *finish in extracted or ():
            chosen = finish[0] if finish else Finish.NONFOIL.value
            DeckCard.objects.create(deck=self, single=single, quantity=quantity, finish=chosen)


class BoosterPackFactory(DjangoModelFactory[BoosterPack]):
    """A pack of one configuration; `sheets` are (name, draws, [(single, weight), …])."""

    class Meta:
        model = BoosterPack
        skip_postgeneration_save = True

    set_code = "TST"
    code = factory.Sequence(lambda n: f"code-{n}")
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")

    @factory.post_generation
    def sheets(self, create, extracted, **kwargs):
        configuration = BoosterConfiguration.objects.create(pack=self, position=0, weight=1)
        for name, draws, cards in extracted or ():
            sheet = BoosterSheet.objects.create(pack=self, name=name)
            BoosterConfigurationSheet.objects.create(configuration=configuration, sheet=sheet, quantity=draws)
            BoosterSheetCard.objects.bulk_create(
                BoosterSheetCard(sheet=sheet, single=single, finish=Finish.NONFOIL, weight=weight)
                for single, weight in cards
            )


class SealedProductFactory(ProductFactory):
    """A sealed product; `contents` are (thing, quantity): singles, decks, packs or sealed products."""

    name = factory.Sequence(lambda n: f"Box {n}")
    product_type = ProductType.SEALED
    sealed_kind = "booster_box"
    number = ""
    rarity = ""
    finishes: list[str] = []

    @factory.post_generation
    def contents(self, create, extracted, **kwargs):
        if extracted is not None:
            state_contents(self, extracted)


class ProductSingleFactory(DjangoModelFactory[ProductSingle]):
    class Meta:
        model = ProductSingle

    sealed_product = factory.SubFactory(SealedProductFactory)
    single_product = factory.SubFactory(SingleFactory)


class VenueFactory(DjangoModelFactory[Venue]):
    class Meta:
        model = Venue

    code = factory.Sequence(lambda n: f"venue-{n}")
    name = factory.Sequence(lambda n: f"Venue {n}")
    currency = "EUR"


def state_contents(sealed: Product, things: list[tuple[object, int]]) -> ContentsVersion:
    """Make `things` the current contents of a sealed product; text stands for an unresolved deck."""
    ContentsVersion.objects.filter(product=sealed, is_current=True).update(is_current=False)
    number = ContentsVersion.objects.filter(product=sealed).count() + 1
    version = ContentsVersion.objects.create(
        product=sealed, version=number, source="demo", fingerprint=f"{number:064x}", is_complete=True
    )
    for position, (thing, quantity) in enumerate(things):
        SealedContent.objects.create(
            contents=version, position=position, quantity=quantity, **_reference(thing)
        )
    return version


def _reference(thing: object) -> dict[str, object]:
    match thing:
        case Deck():
            return {"kind": ContentKind.DECK, "deck": thing, "name": thing.name}
        case BoosterPack():
            return {"kind": ContentKind.PACK, "pack": thing, "name": thing.code}
        case Product(product_type=ProductType.SEALED):
            return {"kind": ContentKind.SEALED, "sealed": thing, "name": thing.name}
        case Product():
            return {"kind": ContentKind.CARD, "single": thing, "name": thing.name, "finish": Finish.NONFOIL}
        case _:
            return {"kind": ContentKind.DECK, "name": str(thing)}
