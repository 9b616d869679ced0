/// Measures the platform against the simulator and holds the figures against the goals: `./turnstream bench`.
@NullMarked
package io.turnstream.performance;

import org.jspecify.annotations.NullMarked;
