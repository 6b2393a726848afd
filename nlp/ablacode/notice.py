"""What every page and every terminal answer says about CPT."""

from __future__ import annotations

CPT_NOTICE = (
    "CPT is a registered trademark of the American Medical Association. "
    "This project is not affiliated with the AMA; users need their own licence to use CPT codes. "
    "Suggestions are for a coder's review."
)
