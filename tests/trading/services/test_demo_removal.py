import pytest

from catalog.models import Product
from tests.trading.factories import as_if_committed, execute, make_box
from trading.models import Execution, ExposureUse, Fill, LedgerEntry, LedgerPosting, Opening, Order, Sale
from trading.services import settle_execution
from trading.services.demo_removal import remove_demo_executions

pytestmark = pytest.mark.django_db


def test_executions_of_demo_products_go_with_everything_and_real_ones_stay(tess):
    demo, real = execute(make_box(), tess), execute(make_box(), tess)
    open_demo = execute(make_box(), tess)
    settle_execution(execution_id=demo.pk, actor=tess, now=demo.created_at)
    as_if_committed()
    Product.objects.filter(pk__in=[demo.product_id, open_demo.product_id]).update(is_demo=True)

    assert remove_demo_executions() == 2

    assert list(Execution.objects.all()) == [real]
    for model in (Order, Opening, LedgerPosting):
        assert set(model.objects.values_list("execution", flat=True)) == {real.pk}
    assert (Fill.objects.count(), Sale.objects.count(), LedgerEntry.objects.count()) == (1, 0, 2)
    assert set(ExposureUse.objects.values_list("used", flat=True)) == {real.expected_cost}
    assert remove_demo_executions() == 0
