"""Routes of the opportunities endpoints, with and without the trailing slash."""

from common.api.routers import OptionalSlashRouter

from .views import OpportunityViewSet

router = OptionalSlashRouter()
router.register("opportunities", OpportunityViewSet, basename="opportunity")
urlpatterns = router.urls
