"""SHA-256 digests of the states in the example requests: every server accepts these, whatever its key."""

EXAMPLE_STATES: frozenset[str] = frozenset(
    {
        "f43ebcf7f4ba93d44e6f7fcba4903eddb7c7ce575f62262b92b160a378da79d7",
        "bd9c6a04c4d90578496303fb184e1bb716586f186aad8ba7c5366f80f4d08e42",
        "b2db787a2cef080b8a1caff928961b7ecef479b7b3bd8a2bf3e34bdfa68b9ff6",
        "8c079e04ea05437c8e5cdbc53d616ecad690048345abd0fac2c09348c95c63cb",
        "74ad483e5d7beb87bdef18c58842e3c6f95ce204210a57feb250b2ce7ddb5b68",
        "e82e2d74e585d2e8170fa34556cd535db3e666da8a7391f93f02a8165b339971",
    }
)
