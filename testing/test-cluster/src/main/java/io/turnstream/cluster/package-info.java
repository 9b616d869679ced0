/// A whole deployment on one machine, every part a process of its own, for tests under fault and for measurements.
@NullMarked
package io.turnstream.cluster;

import org.jspecify.annotations.NullMarked;
