"""How the installation and its live desk are, in one public answer: `GET /health`."""
