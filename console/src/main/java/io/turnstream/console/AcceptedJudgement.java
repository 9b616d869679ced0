package io.turnstream.console;

import java.time.Instant;

/// An order to judge again that the run controller took.
///
/// @param set what is being judged now
/// @param at when it was taken; what is known of the set from before says nothing about it
public record AcceptedJudgement(JudgementSetName set, Instant at) {}
