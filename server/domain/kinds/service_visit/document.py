"""What a technician found and did at a machine. The source of schemas/service_visit.v1.json."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...fields import DocumentId, Id, Line, Moment, Part, Photos, Prose, Quantity, ShortText, Signature
from ...master import Place

Outcome = Literal["fixed", "parts_needed", "revisit", "refused"]


class UsedPart(Part):
    position: int = Field(ge=0, le=100_000)
    product: Id
    quantity: Quantity = Field(description="In `unit`; an exact decimal.")
    unit: Id
    lot: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f#]*$")] = Field(
        default="", description="Batch or serial number as it stands on the part; empty: none."
    )
    source: Place = Field(description="Where it was taken from: `van:<technician>`, `dealer:<dealer>`.")


class WantedPart(Part):
    position: int = Field(ge=0, le=100_000)
    product: Id
    quantity: Quantity
    unit: Id
    note: ShortText = ""


class ServiceVisit(Part):
    """Its maps come into being with it: maps that two devices make at once would hide each other."""

    kind: Literal["service_visit"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    dealer: Id
    technician: Id = Field(description="The account of who came.")
    device: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] = Field(
        description="By whose clock its times are."
    )
    stage: Literal["draft", "submitted", "withdrawn"] = "draft"
    created_at: Moment
    request: DocumentId | None = Field(default=None, description="None: found in the field.")
    machine: DocumentId | None = None
    serial: Line = ""
    model: Line = ""
    product: Id | None = Field(default=None, description="Of the machine, as the device knew it.")
    customer: DocumentId | None = None
    travel_at: Moment | None = None
    arrived_at: Moment | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    diagnosis: Prose = ""
    cause: Prose = ""
    action: Prose = ""
    checklist: dict[Id, Literal["ok", "not_ok", "not_applicable"]] = Field(default={}, max_length=100)
    parts: dict[Id, UsedPart] = Field(default={}, max_length=200)
    labour_minutes: int | None = Field(default=None, ge=0, le=10_000)
    meter: Quantity | None = None
    photos_before: Photos = Field(default={})
    photos_after: Photos = Field(default={})
    outcome: Outcome | None = None
    requested: dict[Id, WantedPart] = Field(default={}, max_length=200)
    signature: Signature | None = None
