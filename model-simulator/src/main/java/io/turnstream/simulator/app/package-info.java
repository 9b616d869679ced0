/// The simulator as an application of its own: configuration from the environment, start and stop, health.
@NullMarked
package io.turnstream.simulator.app;

import org.jspecify.annotations.NullMarked;
