"""Makers of catalogue rows for any test, such as `SealedProductFactory(contents=[(single, 2)])`."""

from typing import Any

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

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

_Untyped: Any = DjangoModelFactory


class _ModelFactory(_Untyped):  # type: ignore[misc]  # calling a factory gives a model, which no type can say
    class Meta:
        abstract = True


class ProductFactory(_ModelFactory):
    class Meta:
        model = Product
        skip_postgeneration_save = True

    name: Any = Sequence(lambda n: f"Card {n}")
    set_name = "Test Set"
    set_code = "TST"
    product_type = ProductType.SINGLE
    category = "mtg"
    number: Any = Sequence(str)
    rarity = "common"
    finishes = [Finish.NONFOIL.value, Finish.FOIL.value]

    @post_generation
    def _key(self, create, extracted, **kwargs):
        self.refresh_from_db(fields=["key"])  # the database hands the key out


class SingleFactory(ProductFactory):
    """One printing of a card."""


class IdentifierFactory(_ModelFactory):
    class Meta:
        model = ProductIdentifier

    product = SubFactory(SingleFactory)
    source = "mcm"
    external_id = Sequence(lambda n: str(900_000 + n))


class DeckFactory(_ModelFactory):
    """A deck; `cards` are (single, quantity) or (single, quantity, finish)."""

    class Meta:
        model = Deck
        skip_postgeneration_save = True

    set_code = "TST"
    name: Any = Sequence(lambda n: f"Deck {n}")
    fingerprint = Sequence(lambda n: f"{n:064x}")

    @post_generation
    def cards(self, create, extracted, **kwargs):
        for single, quantity, *finish in extracted or ():
            chosen = finish[0] if finish else Finish.NONFOIL.value
            DeckCard.objects.create(deck=self, single=single, quantity=quantity, finish=chosen)


class BoosterPackFactory(_ModelFactory):
    """A pack of one configuration; `sheets` are (name, draws, [(single, weight), …])."""

    class Meta:
        model = BoosterPack
        skip_postgeneration_save = True

    set_code = "TST"
    code = Sequence(lambda n: f"code-{n}")
    fingerprint = Sequence(lambda n: f"{n:064x}")

    @post_generation
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

    name: Any = Sequence(lambda n: f"Box {n}")
    product_type = ProductType.SEALED
    sealed_kind = "booster_box"
    number: Any = ""
    rarity = ""
    finishes: list[str] = []

    @post_generation
    def contents(self, create, extracted, **kwargs):
        if extracted is not None:
            state_contents(self, extracted)


class ProductSingleFactory(_ModelFactory):
    class Meta:
        model = ProductSingle

    sealed_product = SubFactory(SealedProductFactory)
    single_product = SubFactory(SingleFactory)


class VenueFactory(_ModelFactory):
    class Meta:
        model = Venue

    code = Sequence(lambda n: f"venue-{n}")
    name: Any = Sequence(lambda n: f"Venue {n}")
    currency = "EUR"


def state_contents(sealed: Product, things: list[tuple[object, int]]) -> ContentsVersion:
    """Make `things` the current contents of a sealed product; text stands for an unresolved deck."""
    ContentsVersion.objects.filter(product=sealed, is_current=True).update(is_current=False)
    number: Any = ContentsVersion.objects.filter(product=sealed).count() + 1
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
