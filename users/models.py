"""Who uses the product, and the role that says what they may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from common.ids import uuid7

from .choices import Role


class User(AbstractUser):
    """A person. The role is the unit of permission; groups refine it where an organisation needs more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    time_zone = models.CharField(max_length=40, default="UTC")

    class Meta:
        db_table = "users"
