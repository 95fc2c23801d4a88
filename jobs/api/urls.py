"""Routes of the jobs, below `/api/v1/`."""

from common.api.routers import OptionalSlashRouter

from .views import JobViewSet

router = OptionalSlashRouter()
router.register("jobs", JobViewSet, basename="job")

urlpatterns = router.urls
