"""An end customer as a dealer or a technician writes one down. The source of schemas/customer.v1.json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...fields import Id, Line, Moment, Part, Prose, Whereabouts


class Customer(Part):
    kind: Literal["customer"]
    schema_: Literal[1] = Field(alias="schema")
    dealer: Id = Field(description="Whose customer it is.")
    created_at: Moment = Field(description="By the device's clock.")
    name: Line = ""
    contact: Line = Field(default="", description="Who is asked for, where the customer is a farm or a firm.")
    phone: Line = ""
    place: Whereabouts = Whereabouts()
    note: Prose = ""
