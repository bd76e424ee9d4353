//! Numbers of warehouses, in the order of their ids.

use super::{Parameter, ParameterId};

pub(super) const STORAGE: [Parameter; 5] = [
    Parameter {
        id: ParameterId::HorreumRent,
        name: "horreum_rent",
        unit: "milliasses a tonne and day",
        least: 0,
        most: 1_000_000,
        default: 400,
        meaning: "Rent of a warehouse in a town of rank 3; greater towns ask more.",
        source: "design: about a twentieth of the worth of wheat a year; leases as in TPSulp 45 and CIL VI 33747; Rickman 1971, 194-209",
    },
    Parameter {
        id: ParameterId::HorreumSpoil,
        name: "horreum_spoil",
        unit: "permille of what spoils aboard",
        least: 0,
        most: 10_000,
        default: 400,
        meaning: "How much of a good spoils ashore, in a dry room with a raised floor.",
        source: "Rickman 1971, 1-14; Columella 1.6.9-17; design",
    },
    Parameter {
        id: ParameterId::HorreumYear,
        name: "horreum_year",
        unit: "days",
        least: 1,
        most: 100_000,
        default: 365,
        meaning: "Days for which rent and decay are reckoned at most, however long a stock has lain ashore or aboard.",
        source: "leases ran for a year: CIL VI 33747; so that who is away for long comes back to something",
    },
    Parameter {
        id: ParameterId::HorreumRoom,
        name: "horreum_room",
        unit: "tonnes",
        least: 0,
        most: 1_000_000,
        default: 250,
        meaning: "What one merchant may store in a town of rank 3; greater towns have more room.",
        source: "design: some rooms of the horrea at Ostia; Rickman 1971, 17-76",
    },
    Parameter {
        id: ParameterId::HorreumPledge,
        name: "horreum_pledge",
        unit: "permille of the price",
        least: 1,
        most: 1_000,
        default: 500,
        meaning: "What the keeper counts a unit for which he keeps for rent that the purse does not hold.",
        source: "what is brought in is pledged for the rent: Digest 20.2.3-4; design",
    },
];
