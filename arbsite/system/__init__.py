"""How the installation is doing, for operators: `GET /api/v1/system/`."""
