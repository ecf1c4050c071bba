"""A model of the public scholarly record, as of any day, in the services' own formats and over real HTTP.

The demo plays it and the tests break it; the pipeline is never told. data/*.toml holds public facts with their source;
what had to be made up (dates between verified ones, ids, abstracts, counts over time) is marked there as modelled.
"""

from harvest.world.faults import Fault
from harvest.world.people import bindings, seeds
from harvest.world.record import World, demo_dates
from harvest.world.server import WorldServer

__all__ = ["Fault", "World", "WorldServer", "bindings", "demo_dates", "seeds"]
