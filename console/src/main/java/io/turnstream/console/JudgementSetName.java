package io.turnstream.console;

/// A judgement set that was asked for and is being judged.
///
/// @param runId full id of its run
/// @param judgementSetId its id
public record JudgementSetName(String runId, String judgementSetId) {}
