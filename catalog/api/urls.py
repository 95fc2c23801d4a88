"""Routes of the catalogue, below `/api/v1/`."""

from common.api.routers import OptionalSlashRouter

from .views import ProductViewSet

router = OptionalSlashRouter()
router.register("products", ProductViewSet, basename="product")

urlpatterns = router.urls
