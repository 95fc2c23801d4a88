"""Installing the demo market through the real importers, bringing it up to date, and taking it out again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django_celery_beat.models import PeriodicTask

from arbsite.demo.errors import OtherDemoPresent, RealProductsPresent
from arbsite.demo.install import install_demo
from arbsite.demo.listings import build_market
from arbsite.demo.manifest import read_manifest
from arbsite.demo.market import Size
from arbsite.demo.removal import make_way, remove_demo
from arbsite.schedule import DEFAULTS, DEMO, sync_schedule
from catalog.choices import Category, ProductType
from catalog.models import BoosterPack, Deck, Product
from common.models import AuditEvent
from opportunities.models import Opportunity
from pricing.models import CurrentPrice, PriceBatch, PriceRecord, QuarantinedPrice

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
TODAY = NOW.date()
SEED = 7


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "demo"


@pytest.fixture
def installed(db, folder):
    return install_demo(size=Size.SMALL, seed=SEED, now=NOW, folder=folder)


def make_real_product():
    return Product.objects.create(
        name="A real box", product_type=ProductType.SEALED, category=Category.MTG, set_code="REAL"
    )


class TestInstalledMarket:
    def test_everything_is_marked_as_demo(self, installed):
        assert installed.products == Product.objects.count()
        assert not Product.objects.filter(is_demo=False).exists()

    def test_every_sealed_product_is_complete(self, installed):
        sealed = Product.objects.filter(product_type=ProductType.SEALED)

        assert not sealed.filter(contents_versions__is_complete=False).exists()
        assert not sealed.filter(single_mappings__isnull=True).exists()

    def test_there_are_opportunities_of_several_risks_and_one_to_review(self, installed):
        risks = set(Opportunity.objects.active().trusted().values_list("risk_level", flat=True))

        assert installed.opportunities >= 5
        assert risks >= {"medium", "high"}
        assert installed.needs_review == 1

    def test_trapped_products_are_held_and_raise_nothing(self, installed):
        market = build_market(Size.SMALL, SEED)
        names = [item.product.name for item in market.listings if item.trap]

        assert not Opportunity.objects.filter(sealed_product__name__in=names).exists()
        assert QuarantinedPrice.objects.filter(product__name__in=names).exists()


class TestInstallation:
    def test_installing_again_within_the_hour_changes_nothing(self, installed, folder):
        before = (PriceRecord.objects.count(), CurrentPrice.objects.count(), Opportunity.objects.count())

        again = install_demo(size=Size.SMALL, seed=SEED, now=NOW + timedelta(minutes=5), folder=folder)

        assert again.prices_stored == 0
        assert before == (
            PriceRecord.objects.count(),
            CurrentPrice.objects.count(),
            Opportunity.objects.count(),
        )

    def test_installing_days_later_brings_prices_up_to_then(self, installed, folder):
        later = NOW + timedelta(days=2)

        again = install_demo(size=Size.SMALL, seed=SEED, now=later, folder=folder)

        assert again.prices_stored > 0
        assert again.opportunities > 0
        manifest = read_manifest(folder)
        assert manifest
        assert manifest.last_day == date(2026, 3, 16)

    def test_another_market_is_refused(self, installed, folder):
        with pytest.raises(OtherDemoPresent):
            install_demo(size=Size.SMALL, seed=SEED + 1, now=NOW, folder=folder)

    def test_a_lost_manifest_is_refused_and_not_guessed(self, installed, folder):
        (folder / "manifest.json").write_text("{", encoding="utf-8")

        with pytest.raises(OtherDemoPresent, match="unknown size"):
            install_demo(size=Size.SMALL, seed=SEED, now=NOW, folder=folder)

    def test_real_products_are_not_mixed_with(self, db, folder):
        make_real_product()

        with pytest.raises(RealProductsPresent):
            install_demo(size=Size.SMALL, seed=SEED, now=NOW, folder=folder)

        assert not folder.exists()

    def test_force_mixes_and_leaves_real_products_unmarked(self, db, folder):
        real = make_real_product()

        install_demo(size=Size.SMALL, seed=SEED, now=NOW, folder=folder, is_forced=True)

        real.refresh_from_db()
        assert not real.is_demo


class TestRemoval:
    def test_nothing_of_the_demo_is_left(self, installed, folder):
        remove_demo(now=NOW, folder=folder)

        for model in (
            Product,
            PriceRecord,
            CurrentPrice,
            QuarantinedPrice,
            PriceBatch,
            Opportunity,
            Deck,
            BoosterPack,
        ):
            assert not model.objects.exists(), model
        assert not folder.exists()

    def test_real_products_stay(self, installed, folder):
        real = make_real_product()

        remove_demo(now=NOW, folder=folder)

        assert list(Product.objects.all()) == [real]

    def test_it_makes_way_for_real_data_with_its_files_and_its_schedule(
        self, installed, folder, settings, django_capture_on_commit_callbacks
    ):
        settings.VAR_DIR = folder.parent
        folder.rename(folder.parent / "demo")
        sync_schedule((*DEFAULTS, *DEMO))

        with django_capture_on_commit_callbacks(execute=True):
            make_way(actor=None, now=NOW)

        assert not Product.objects.exists()
        assert not (folder.parent / "demo").exists()
        assert not PeriodicTask.objects.filter(name=DEMO[0].name).exists()

    def test_removal_is_recorded(self, installed, folder):
        remove_demo(now=NOW, folder=folder)

        assert AuditEvent.objects.filter(verb="demo.removed").count() == 1

    def test_without_a_demo_nothing_happens(self, db, folder):
        real = make_real_product()

        report = remove_demo(now=NOW, folder=folder)

        assert report.products == 0
        assert list(Product.objects.all()) == [real]

    def test_it_can_be_installed_again_afterwards(self, installed, folder):
        remove_demo(now=NOW, folder=folder)
        with connection.cursor() as cursor:
            cursor.execute("DISCARD TEMP")  # what the commit between two commands does

        again = install_demo(size=Size.SMALL, seed=SEED, now=NOW, folder=folder)

        assert again.products == installed.products
