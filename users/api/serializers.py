"""What the session endpoint reads and shows."""

from typing import Any

from rest_framework import serializers

from users.choices import Role


class LoginSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)


class SessionUserSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, source="effective_role", read_only=True)
    time_zone = serializers.CharField(read_only=True)


class SessionSerializer(serializers.Serializer[Any]):
    user = SessionUserSerializer(allow_null=True, read_only=True)
    mode = serializers.ChoiceField(choices=["paper", "live"], read_only=True)
    is_demo = serializers.BooleanField(
        read_only=True, help_text="Whether the market shown is the built-in demo."
    )
    version = serializers.CharField(read_only=True)


class ProfileSerializer(serializers.Serializer[Any]):
    time_zone = serializers.CharField(max_length=40, help_text="IANA name, such as Europe/Berlin.")
