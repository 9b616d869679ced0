/// An OpenAI-compatible HTTP server whose models are scripted personas, with latencies and faults on demand.
@NullMarked
package io.turnstream.simulator;

import org.jspecify.annotations.NullMarked;
