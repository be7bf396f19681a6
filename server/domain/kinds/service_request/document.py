"""A machine that needs somebody, as a dealer, a technician or headquarters says so. The source of schemas/service_request.v1.json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...fields import DocumentId, Id, Line, Moment, Part, Photos, Prose, Whereabouts

Urgency = Literal["low", "normal", "high", "down"]


class ServiceRequest(Part):
    kind: Literal["service_request"]
    schema_: Literal[1] = Field(alias="schema")
    number: Line = Field(default="", description="Readable, unique offline; headquarters' own have none and get one.")
    dealer: Id
    stage: Literal["draft", "submitted", "withdrawn"] = "draft"
    opened_at: Moment | None = Field(
        default=None, description="When it was reported, by the device's clock; None: when it arrived."
    )
    machine: DocumentId | None = None
    serial: Line = Field(default="", description="As it stands on the plate, or as the customer says it.")
    model: Line = ""
    customer: DocumentId | None = None
    contact: Line = Field(default="", description="Who is asked for there.")
    phone: Line = ""
    place: Whereabouts = Whereabouts()
    fault: Prose = ""
    urgency: Urgency = Field(default="normal", description="`down`: the machine stands still.")
    photos: Photos = Field(default={})
