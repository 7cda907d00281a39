"""What an answer rests on, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standoff.present.json import forecast_data

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.study.account import Account


def account_data(crisis: Crisis, account: Account) -> dict[str, Any]:
    """Return an account of one answer, as `standoff explain --json` prints it."""
    found = account.attribution
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "question": found.question,
        "answer": forecast_data(account.forecast),
        "attribution": {
            "by": found.by,
            "central": found.central,
            "without": found.without,
            "orders": found.orders,
            "seed": found.seed,
            "shares": [
                {
                    "party": share.party,
                    "claims": list(share.claims),
                    "share": share.share,
                    "error": share.error,
                    "alone": share.alone,
                    "told_from_zero": share.told_from_zero,
                }
                for share in found.shares
            ],
            "not_left_out": list(found.stays),
        },
        "claims": {
            path: {"actor": c.actor, "kind": c.kind, "because": c.because, "source": c.source}
            for path, c in account.claims.items()
        },
        "tipping_points": [
            {
                "path": point.path,
                "present": point.present,
                "threshold": point.threshold,
                "value": point.value,
                "looked": [point.low, point.high],
            }
            for point in account.tipping
        ],
    }
