package io.turnstream.providers.limits;

import io.turnstream.providers.ModelName;
import org.jspecify.annotations.Nullable;

/// How it stands with one model in this process.
///
/// @param limit       calls that may be in flight, as learned so far
/// @param inFlight    calls in flight
/// @param waiting     calls that wait for a place
/// @param circuitOpen whether calls are held back because the model does not answer
/// @param trouble     the last failure that looked like an outage, if nothing was answered since
public record ModelLoad(
        ModelName model, int limit, int inFlight, int waiting, boolean circuitOpen, @Nullable String trouble) {}
