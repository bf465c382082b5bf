//! The schedule for retrying failed deliveries.

use jiff::SignedDuration;

/// The pauses between attempts: about three days in all.
const PAUSES: [SignedDuration; 12] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(8),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// The longest pause; a receiver cannot ask for a longer one.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// After how long without any success a subscription is disabled.
pub const FAILING_FOR_TOO_LONG: SignedDuration = SignedDuration::from_hours(5 * 24);

/// How long to wait after this many attempts, give or take a fifth, so that deliveries that failed
/// together are not retried together. What the receiver asked for is a minimum.
#[must_use]
pub fn pause(tries: u32, asked: Option<SignedDuration>) -> SignedDuration {
    let step = usize::try_from(tries.max(1) - 1).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let pause = PAUSES[step].mul_f64(rand::random_range(0.8..1.2));
    asked.map_or(pause, |asked| pause.max(asked.min(LONGEST)))
}

/// Whether this was the last attempt.
#[must_use]
pub fn is_over(tries: u32) -> bool {
    tries as usize > PAUSES.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_from_five_seconds_to_a_day_over_three_days() {
        assert!((4..=6).contains(&pause(1, None).as_secs()));
        assert!(
            pause(12, None) > SignedDuration::from_hours(19)
                && pause(900, None) < SignedDuration::from_hours(29)
        );
        let all: SignedDuration = PAUSES.iter().sum();
        assert!((70..=74).contains(&all.as_hours()), "{all}");
        assert!(!is_over(12) && is_over(13));
    }

    #[test]
    fn a_receiver_may_ask_for_more_patience_but_not_for_more_than_a_day() {
        let asked = |hours| pause(1, Some(SignedDuration::from_hours(hours)));
        assert_eq!(asked(1), SignedDuration::from_hours(1));
        assert_eq!(asked(100), LONGEST);
    }
}
