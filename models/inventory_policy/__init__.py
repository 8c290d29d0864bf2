"""Stock policies: what is asked, what is answered, and the working."""

from models.inventory_policy.explanation import PolicyExplanation
from models.inventory_policy.problem import PolicyProblem
from models.inventory_policy.solution import PolicySolution

__all__ = ["PolicyExplanation", "PolicyProblem", "PolicySolution"]
