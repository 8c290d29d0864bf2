"""A column of the restricted master: one route of one kind of vehicle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """
    Clients in order of visit, as positions among the clients of the pricing problem; some may come twice.

    `network` is the position of the kind of vehicle, `cost` the scaled cost.
    """

    network: int
    clients: tuple[int, ...]
    cost: int

    @property
    def elementary(self) -> bool:
        """Tell whether no client is visited twice."""
        return len(set(self.clients)) == len(self.clients)
