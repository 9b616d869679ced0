/// The vocabulary of the benchmark: splits, modalities, intents, steps, outcomes, metrics and scorings, each with the
/// name it has on the wire.
@NullMarked
package io.turnstream.benchmark;

import org.jspecify.annotations.NullMarked;
