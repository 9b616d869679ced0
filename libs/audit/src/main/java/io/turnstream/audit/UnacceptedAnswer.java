package io.turnstream.audit;

/// An answer that came but was never accepted: workers answer at least once, so a request can have several, and one can
/// come after its run was cancelled. No failure.
///
/// @param outcome how its call ended
public record UnacceptedAnswer(Place place, String requestId, String eventId, String outcome) {}
