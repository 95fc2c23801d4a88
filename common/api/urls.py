"""Routes of the common app, under `/api/v1/`."""

from .audit.views import AuditViewSet
from .routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("audit", AuditViewSet, basename="audit")
urlpatterns = router.urls
