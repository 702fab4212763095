"""Examples: what people paste into a shell to see that it works. A test runs each of them."""

from __future__ import annotations

CURL = """\
TOKEN=ssp_…
curl -H "Authorization: Bearer $TOKEN" {root}/groups
curl -H "Authorization: Bearer $TOKEN" "{root}/contacts?email=ada@acme.test"
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" {root}/contacts \\
  -d '{{"groups": ["Customers"], "card": {{"names": [{{"givenName": "Ada", "familyName": "Acme"}}], \
"emailAddresses": [{{"value": "ada@acme.test", "type": "work"}}]}}}}'
"""


def curl(root: str) -> str:
    """The examples for an API at this address."""
    return CURL.format(root=root)
