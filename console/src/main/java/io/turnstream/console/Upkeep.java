package io.turnstream.console;

import io.turnstream.messaging.DeadLetterDesk;

/// What keeps a platform in order, beside the runs.
///
/// @param rebuilding makes the projection anew
/// @param deadLetters the records that nobody could read or handle
public record Upkeep(Rebuilding rebuilding, DeadLetterDesk deadLetters) {}
