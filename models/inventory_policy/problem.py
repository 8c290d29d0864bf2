"""The request of `inventory/policy`: the name of a policy, and its parameters."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationInfo

from models.base import Input
from models.inventory_policy.continuous_review import (
    DeterministicLots,
    Disruption,
    EconomicOrderQuantity,
    JointReplenishment,
    QuantityDiscount,
    YieldUncertainty,
)
from models.inventory_policy.stochastic import (
    BaseStock,
    Classification,
    FiniteHorizon,
    Newsvendor,
    NewsvendorYield,
    ReorderQuantity,
    ReorderUpTo,
)
from models.options import Options

PolicyName = Literal[
    "eoq",
    "eoq_discount",
    "eoq_disruption",
    "eoq_yield",
    "joint_replenishment",
    "newsvendor",
    "newsvendor_yield",
    "base_stock",
    "s_S",
    "r_Q",
    "wagner_whitin",
    "finite_horizon",
    "abc_xyz",
]

PARAMETERS: Mapping[str, type[Input]] = {
    "eoq": EconomicOrderQuantity,
    "eoq_discount": QuantityDiscount,
    "eoq_disruption": Disruption,
    "eoq_yield": YieldUncertainty,
    "joint_replenishment": JointReplenishment,
    "newsvendor": Newsvendor,
    "newsvendor_yield": NewsvendorYield,
    "base_stock": BaseStock,
    "s_S": ReorderUpTo,
    "r_Q": ReorderQuantity,
    "wagner_whitin": DeterministicLots,
    "finite_horizon": FiniteHorizon,
    "abc_xyz": Classification,
}
"""What each policy takes."""

AnyParameters = (
    EconomicOrderQuantity
    | QuantityDiscount
    | Disruption
    | YieldUncertainty
    | JointReplenishment
    | Newsvendor
    | NewsvendorYield
    | BaseStock
    | ReorderUpTo
    | ReorderQuantity
    | DeterministicLots
    | FiniteHorizon
    | Classification
)


def _by_policy(value: Any, info: ValidationInfo) -> Any:
    """Validate the parameters of the policy that was named before them; an unknown policy is an error of its own."""
    policy = info.data.get("policy")
    return value if policy is None else PARAMETERS[policy].model_validate(value)


class PolicyOptions(Options):
    """Options of an inventory policy."""

    solver: Annotated[
        Literal["auto", "closed_form", "policy_search", "dynamic_programming"],
        Field(
            description="closed_form: EOQ and its relatives, newsvendor, base stock, classes; policy_search: eoq_disruption, "
            "joint_replenishment, s_S, r_Q; dynamic_programming: wagner_whitin, finite_horizon; auto: the one for the policy."
        ),
    ] = "auto"


class PolicyProblem(Input):
    """Which numbers a stock policy should have, so that it costs least."""

    policy: Annotated[
        PolicyName,
        Field(
            description="eoq (with backorders, production rate), eoq_discount (all units, incremental), eoq_disruption, "
            "eoq_yield, joint_replenishment, newsvendor, newsvendor_yield, base_stock, s_S, r_Q, wagner_whitin, "
            "finite_horizon, abc_xyz.",
            examples=["newsvendor"],
        ),
    ]
    parameters: Annotated[
        AnyParameters,
        PlainValidator(_by_policy, json_schema_input_type=AnyParameters),
        Field(description="Parameters of the policy: EconomicOrderQuantity for eoq, Newsvendor for newsvendor, and so on."),
    ]
    options: Annotated[PolicyOptions, Field(description="How long to search and how much to explain.")] = PolicyOptions()
