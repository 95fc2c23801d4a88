"""Routes of the catalogue under /api/v1/."""

from common.api.routers import OptionalSlashRouter

urlpatterns = OptionalSlashRouter().urls
