"""The campaign of random routing problems, in small."""

import pytest

from benchmarks.quality.routing_random import Campaign, compared
from benchmarks.quality.routing_random_rich import RichCampaign
from benchmarks.random_rich_routing import ENUMERATED, MIXED, rich_request_of
from benchmarks.random_routing import request_of

BATCHES = 4
PROBLEMS = 20


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_answer_is_verified_and_the_best_where_that_is_known(batch: int) -> None:
    """No error, no failed check, no difference on repetition, and nothing below the optimum; automatic choice reaches it."""
    campaign = Campaign()
    for seed in range(batch * PROBLEMS, (batch + 1) * PROBLEMS):
        campaign.run(seed)
    assert campaign.trouble == []
    assert campaign.counts["auto"]["verified"] == PROBLEMS


def test_answers_with_every_condition_are_verified_and_kept_as_current_routes() -> None:
    """No error, no failed check, nothing below the optimum, and no plan lost that was given back."""
    campaign = RichCampaign()
    for seed in range(PROBLEMS):
        campaign.run(seed)
    assert campaign.trouble == []
    assert set(campaign.families) == {ENUMERATED, MIXED}


def test_a_request_can_be_made_again() -> None:
    """The seed decides everything."""
    assert rich_request_of(7) == rich_request_of(7)
    assert request_of(7) == request_of(7)
    assert request_of(7) != request_of(8)


def test_values_are_compared_by_what_is_left_out_first() -> None:
    """Money counts only when the same weight of required orders is left out."""
    assert compared((0, 9.0), (1, 5.0)) == "below"
    assert compared((1, 5.0), (1, 5.0 + 1e-9)) == "equal to"
    assert compared((1, 6.0), (1, 5.0)) == "above"
