from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.models import Product
from common.clock import utc_now
from common.models import AuditEvent
from jobs.models import Job
from scrapers.models import FeedDownload, ProductFetch, SourceRoute
from tests.pricing.factories import make_product, observe, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
HOSTS = "/admin/scrapers/sourceroute/hosts/"
LOAD = "/admin/scrapers/sourceroute/load-market-data/"
removed: list[object] = []


def remove_demo_products(*, actor: object, now: object) -> None:
    """Stand for the removal that lies above this app."""
    removed.append(actor)
    Product.objects.filter(is_demo=True).delete()


def test_hosts_are_listed_and_reset(operator, bob):
    text = operator.get(HOSTS).content.decode()
    answer = operator.post(HOSTS, {"key": "tcgcsv.com"}, follow=True)

    assert "tcgcsv.com" in text
    assert "tcgplayer/tcgcsv" in text
    assert "tcgcsv.com is asked again" in answer.content.decode()
    assert AuditEvent.objects.get(verb="breaker.reset").actor_id == bob.pk


def test_hosts_need_few_queries(operator, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert operator.get(HOSTS).status_code == 200


def test_onlookers_see_hosts_and_reset_none(onlooker):
    onlooker.post(HOSTS, {"key": "tcgcsv.com"})

    assert onlooker.get(HOSTS).status_code == 200
    assert not AuditEvent.objects.filter(verb="breaker.reset").exists()


def test_loading_the_market_says_what_happens_and_then_asks_for_it(operator, bob):
    asked = operator.get(LOAD).content.decode()
    assert not Job.objects.exists()
    done = operator.post(LOAD, {"confirmed": "yes"})

    assert "mtgjson/bulk: <strong>asked</strong>" in asked
    assert "removed first" not in asked
    job = Job.objects.get()
    assert (job.kind, job.requested_by) == ("scrapers.sync_market_data", bob)
    assert done["Location"] == reverse("admin:jobs_job_change", args=[job.pk])


def test_a_demo_market_is_named_and_removed_first(operator, settings):
    Product.objects.filter(pk=make_product().pk).update(is_demo=True)
    settings.DEMO_REMOVAL = f"{__name__}.remove_demo_products"
    removed.clear()

    asked = operator.get(LOAD).content.decode()
    operator.post(LOAD, {"confirmed": "yes"})

    assert "The demo market is removed first" in asked
    assert len(removed) == 1
    assert Job.objects.get().is_demo is False


def test_a_demo_nobody_can_remove_stops_the_load(operator, settings):
    Product.objects.filter(pk=make_product().pk).update(is_demo=True)
    settings.DEMO_REMOVAL = ""

    text = operator.post(LOAD, {"confirmed": "yes"}, follow=True).content.decode()

    assert "demo market has to go first" in text
    assert not Job.objects.exists()


def test_onlookers_load_nothing(onlooker):
    assert onlooker.get(LOAD).status_code == 403
    assert onlooker.post(LOAD, {"confirmed": "yes"}).status_code == 403


def test_the_first_page_shows_the_market_in_few_queries(operator, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        text = operator.get("/admin/").content.decode()

    for shown in ("Market data", "Cardmarket", "0 of 0 products", LOAD):
        assert shown in text, shown


def test_downloads_are_forgotten_so_that_they_are_fetched_again(operator, bob):
    route = SourceRoute.objects.get(source="cardmarket", code="guide")
    kept, gone = (
        FeedDownload.objects.create(route=route, url=f"https://example.org/{name}", fetched_at=utc_now())
        for name in ("kept", "gone")
    )

    data = {"action": "fetch_again", "_selected_action": [str(gone.pk)], "confirmed": "yes"}
    operator.post(reverse("admin:scrapers_feeddownload_changelist"), data)

    assert list(FeedDownload.objects.all()) == [kept]
    event = AuditEvent.objects.get(verb="feed_download.forgotten")
    assert (event.actor_id, event.data["url"]) == (bob.pk, "https://example.org/gone")


def test_fetches_are_shown_in_few_queries_and_never_written(operator, django_assert_max_num_queries):
    route = SourceRoute.objects.get(source="ebay", code="browse")
    for number in range(20):
        ProductFetch.objects.create(
            route=route, product=make_product(name=f"Box {number}"), attempted_at=utc_now(),
            outcome="no_offer",
        )  # fmt: skip

    with django_assert_max_num_queries(12):
        text = operator.get(reverse("admin:scrapers_productfetch_changelist")).content.decode()

    assert "Nothing on offer" in text
    assert operator.get(reverse("admin:scrapers_productfetch_add")).status_code == 403


def test_a_product_is_refreshed_from_its_page_after_asking(operator):
    product = make_product(name="Refreshed Box")
    page = reverse("admin:catalog_product_refresh_prices", args=[product.pk])

    asked = operator.get(page).content.decode()
    assert not Job.objects.exists()
    operator.post(page, {"confirmed": "yes"})

    assert "Refresh prices: Refreshed Box" in asked
    assert Job.objects.get().subject == f"product:{product.pk}"


def test_selected_products_are_refreshed(operator, onlooker):
    products = [make_product(name=f"Box {number}") for number in range(2)]
    data = {
        "action": "refresh_selected",
        "_selected_action": [str(product.pk) for product in products],
        "confirmed": "yes",
    }

    onlooker.post(reverse("admin:catalog_product_changelist"), data)
    assert not Job.objects.exists()
    operator.post(reverse("admin:catalog_product_changelist"), data)

    assert Job.objects.count() == 2


def test_selected_sealed_products_are_analysed_and_it_is_recorded(operator, bob):
    box, card = make_product(name="Box", sealed=True), make_product(name="Card")
    data = {"action": "analyse_selected", "_selected_action": [str(box.pk), str(card.pk)]}
    url = reverse("admin:catalog_product_changelist")

    asked = operator.post(url, data).content.decode()
    assert str(box.pk) in asked
    assert not AuditEvent.objects.exists()
    operator.post(url, {**data, "confirmed": "yes"})

    event = AuditEvent.objects.get(verb="opportunity.analysis_requested")
    assert (event.subject, event.actor_id) == (f"product:{box.pk}", bob.pk)


@pytest.mark.parametrize(
    ("value", "names"),
    [("stale", {"Zold", "Znever"}), ("none", {"Znever"}), ("fresh", {"Zfresh"}), ("x", None)],
)
def test_products_are_found_by_the_age_of_their_prices(operator, value, names):
    old, fresh = make_product(name="Zold"), make_product(name="Zfresh")
    make_product(name="Znever")
    record(observe(old, "1"), at=utc_now() - timedelta(days=9))
    record(observe(fresh, "1"), at=utc_now())

    text = operator.get(f"{reverse('admin:catalog_product_changelist')}?prices={value}").content.decode()

    found = {name for name in ("Zold", "Zfresh", "Znever") if name in text}
    assert found == (names or {"Zold", "Zfresh", "Znever"})


def test_a_product_shows_its_newest_prices(operator):
    box = make_product(name="Box", sealed=True)
    record(observe(box, "123.45"), at=utc_now())

    text = operator.get(reverse("admin:catalog_product_change", args=[box.pk])).content.decode()

    assert "123.45 EUR" in text
    assert "cardmarket" in text
