//! What the centre consists of.

use super::{
    Named,
    shape::{label, list, object, percent, reference, seconds, text},
};

pub(super) fn all() -> Vec<Named> {
    vec![
        (
            "CentreInfo",
            object([
                ("name", label()),
                ("timeZone", text()),
                ("limits", reference("Limits")),
                ("colours", reference("ColourThresholds")),
                ("departments", list(reference("DepartmentInfo"))),
            ]),
        ),
        (
            "Limits",
            object([
                ("ringTimeoutSeconds", seconds()),
                ("graceSeconds", seconds()),
                ("acwSeconds", seconds()),
                ("breakSeconds", seconds()),
            ]),
        ),
        ("ColourThresholds", object([("greenPercent", percent()), ("yellowPercent", percent())])),
        (
            "DepartmentInfo",
            object([("id", text()), ("name", label()), ("queues", list(reference("QueueInfo")))]),
        ),
        (
            "QueueInfo",
            object([
                ("id", text()),
                ("name", label()),
                ("targetPercent", percent()),
                ("targetSeconds", seconds()),
                ("shortAbandonSeconds", seconds()),
            ]),
        ),
    ]
}
