"""The REST API: contacts and groups for programs, under `/api/v1/`."""
