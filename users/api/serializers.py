"""What the endpoints of the users app read and show."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from common.api.bodies import StrictBody
from quant.money.currencies import EXPONENTS
from users.choices import Density, PageName, Role, Scope, Theme
from users.models import ApiKey, SavedView, TokenLogin, User
from users.services.api_keys import MAX_DAYS

_ASSETS: Final = frozenset({"BTC", "ETH", "SOL", "USDC", "USDT"})
CURRENCIES: Final = frozenset(EXPONENTS) - _ASSETS
MAX_PASSWORD: Final = 256


class LoginSerializer(StrictBody):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


class SignupSerializer(StrictBody):
    """Names are plain: letters that only look like others would let strangers pose as somebody."""

    username = serializers.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9._-]{2,29}\Z",
        help_text="3 to 30 letters a to z, digits, dots, hyphens or underscores.",
        error_messages={
            "invalid": "Give 3 to 30 letters a to z, digits, dots, hyphens or underscores, not starting with "
            "a sign."
        },
    )
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


class PasswordSerializer(StrictBody):
    current = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)
    new = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


def _share(help_text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=7,
        decimal_places=6,
        min_value=Decimal(0),
        max_value=Decimal(1),
        required=False,
        normalize_output=True,
        help_text=help_text,
    )


def _cost(help_text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12,
        decimal_places=4,
        min_value=Decimal(0),
        required=False,
        normalize_output=True,
        help_text=help_text,
    )


class FeeProfileSerializer(StrictBody):
    """Own assumptions of the calculator; what is missing follows the venue."""

    fee_rate = _share("Share of a sale the venue keeps, 0 to 1.")
    fixed_cost = _cost("Per sale, in the opportunity's currency.")
    shipping = _cost("Of the sealed product, in the opportunity's currency.")
    sell_through = _share("Share of the singles that find a buyer, 0 to 1.")


class SessionUserSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, source="effective_role", read_only=True)
    email = serializers.CharField(read_only=True)
    is_staff = serializers.BooleanField(read_only=True, help_text="May enter the admin.")
    time_zone = serializers.CharField(read_only=True)
    currency = serializers.CharField(read_only=True, help_text="Empty: amounts as they are.")
    theme = serializers.ChoiceField(choices=Theme.choices, read_only=True)
    density = serializers.ChoiceField(choices=Density.choices, read_only=True)
    fee_profile = FeeProfileSerializer(read_only=True)


class SessionSerializer(serializers.Serializer[Any]):
    user = SessionUserSerializer(allow_null=True, read_only=True)
    mode = serializers.ChoiceField(choices=["paper", "live"], read_only=True)
    is_demo = serializers.BooleanField(
        read_only=True, help_text="Whether the market shown is the built-in demo."
    )
    version = serializers.CharField(read_only=True)


class ProfileSerializer(StrictBody):
    time_zone = serializers.CharField(
        max_length=40, required=False, help_text="IANA name, such as Europe/Berlin."
    )
    currency = serializers.CharField(
        max_length=3, required=False, allow_blank=True, help_text="ISO 4217; empty: amounts as they are."
    )
    theme = serializers.ChoiceField(choices=Theme.choices, required=False)
    density = serializers.ChoiceField(choices=Density.choices, required=False)
    fee_profile = FeeProfileSerializer(required=False, help_text="Replaces the whole profile.")

    def validate_currency(self, value: str) -> str:
        """Accept active ISO 4217 codes only."""
        if value and value not in CURRENCIES:
            raise serializers.ValidationError(
                f"“{value}” is not an active ISO 4217 currency.", "unknown_currency"
            )
        return value

    def validate_fee_profile(self, value: Mapping[str, Decimal]) -> dict[str, str]:
        """Return the figures as plain decimal strings, the form they are kept in."""
        return {name: f"{figure.normalize():f}" for name, figure in value.items()}


class TokenLoginSerializer(serializers.ModelSerializer[TokenLogin]):
    last_used_at = serializers.DateTimeField(source="rotated_at", read_only=True)
    is_current = serializers.SerializerMethodField(help_text="Whether this call belongs to it.")

    class Meta:
        model = TokenLogin
        fields = ("id", "user_agent", "created_at", "last_used_at", "expires_at", "is_current")
        read_only_fields = fields

    def get_is_current(self, login: TokenLogin) -> bool:
        """Return whether this call belongs to it."""
        return bool(login.pk == self.context.get("current_login_id"))


class ApiKeySerializer(serializers.ModelSerializer[ApiKey]):
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)

    class Meta:
        model = ApiKey
        fields = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
        read_only_fields = fields


class NewApiKeySerializer(ApiKeySerializer):
    key = serializers.CharField(read_only=True, help_text="The key itself. It is shown this once.")

    class Meta(ApiKeySerializer.Meta):
        fields: tuple[str, ...] = (*ApiKeySerializer.Meta.fields, "key")  # type: ignore[assignment]
        read_only_fields: tuple[str, ...] = fields  # type: ignore[assignment]  # both one longer


class ApiKeyOrderSerializer(StrictBody):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), min_length=1, max_length=len(Scope)
    )
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=MAX_DAYS, required=False, allow_null=True, help_text="Empty: never."
    )


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    is_own = serializers.SerializerMethodField(help_text="Whether the caller may change it.")
    owner = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = SavedView
        fields = (
            "id",
            "page",
            "name",
            "query",
            "is_default",
            "is_shared",
            "is_own",
            "owner",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    def get_is_own(self, view: SavedView) -> bool:
        """Return whether the caller may change it."""
        user: User | None = self.context.get("user")
        return user is not None and view.user_id == user.pk


class SavedViewChangeSerializer(StrictBody):
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(
        max_length=2_000, required=False, allow_blank=True, help_text="As in the address, without “?”."
    )
    is_default = serializers.BooleanField(required=False)
    is_shared = serializers.BooleanField(required=False)

    def validate_query(self, value: str) -> str:
        """Return the query without its mark."""
        if not value.isprintable():
            raise serializers.ValidationError("A query has no control characters.", "invalid_query")
        return value.removeprefix("?")


class SavedViewWriteSerializer(SavedViewChangeSerializer):
    page = serializers.ChoiceField(choices=PageName.choices)
